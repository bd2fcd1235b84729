"""A model's choice held against the report: what it quotes must stand there, and the rules of impact win."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.incident import Archetype, Severity, SystemType
from app.domain.incident_words import stems_of
from app.domain.suggestion import Guess, ModelUsed, Reason, Suggestion
from app.drafting.reading.hostile import gives_orders
from app.drafting.suggesting.cue_matching import found_in
from app.drafting.suggesting.proposing import MOST_QUOTES, QUOTE_MAX
from app.drafting.suggesting.suggesting import Suggester
from app.knowledge.cues import Cue
from app.ports.proposer import Proposal, Proposed

READ_SO = "a model read it so"
JUDGED_SO = "a model judged it so"
# Cues of another kind that weigh so much, with none of its own, contradict a choice. On the reports of tests/data that
# is so of 2 in 100 right labels.
CONTRADICTS = 2.0
# Words that attackers use are what these are told by.
_TOLD_BY_ORDERS = frozenset({Archetype.PROMPT_INJECTION, Archetype.MODEL_MANIPULATION})
_STEERS = re.compile(
    r"\bsev\W?\d\b|\bseverity\b|\bclassif\w+|\bcategori[sz]\w+|\barchetype\b|\btriage (?:it |this )?as\b|[a-z]_[a-z]",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?;\n]")
_ORDER = tuple(Severity)


@dataclass(frozen=True)
class _Report:
    """A report as a model got it, in plain small letters."""

    text: str

    def holding(self, quotes: Sequence[str], *, orders: bool = False) -> tuple[str, ...]:
        """Those that stand there word for word and tell something; `orders`: what gives orders tells as well."""
        return tuple(dict.fromkeys(" ".join(one.split()) for one in quotes[:MOST_QUOTES] if self._holds(one, orders)))

    def _holds(self, quote: str, orders: bool) -> bool:
        words = _plain(quote).split()
        if len(quote) > QUOTE_MAX or not stems_of(" ".join(words)):
            return False
        found = re.search(r"(?<!\w)" + r"\s+".join(re.escape(word) for word in words) + r"(?!\w)", self.text)
        if found is None:
            return False
        sentence = self._around(found)
        return not _STEERS.search(sentence) and (orders or not gives_orders(sentence))

    def _around(self, found: re.Match[str]) -> str:
        before = max((end.end() for end in _END.finditer(self.text, 0, found.start())), default=0)
        after = _END.search(self.text, found.end())
        return self.text[before : after.start() if after else len(self.text)].strip()


def held_against(proposal: Proposal, report: str, plain: Suggestion, suggester: Suggester) -> Suggestion | None:
    """What is left of the model's choice, with what the rules say in place of the rest; None where nothing is."""
    shown = _Report(_plain(proposal.shown))
    kind, kind_quotes = _archetype(proposal.archetype, shown, report, suggester)
    system, system_quotes = _system_type(proposal.system_type, shown, report, suggester)
    grave, grave_quotes = _severity(proposal.severity, shown)
    if not (kind_quotes or system_quotes or grave_quotes):
        return None
    guesses = _guesses(plain, kind, kind_quotes) if kind is not None else list(plain.archetypes)
    severity, reasons = _graver(report, plain, guesses[0].name, suggester)
    if grave is not None and _may_be(grave, severity, report, (guesses[0].name, plain.best.name), suggester):
        because = Reason(JUDGED_SO, grave_quotes)
        severity, reasons = grave, (because, *reasons) if grave is severity else (because,)
    used = ModelUsed(proposal.account.model or "", proposal.account.prompt or "")
    return Suggestion(guesses, system or plain.system_type, severity, reasons, used)


def _archetype(
    proposed: Proposed, shown: _Report, report: str, suggester: Suggester
) -> tuple[Archetype | None, tuple[str, ...]]:
    if proposed.choice not in set(Archetype) - {Archetype.UNSURE}:
        return None, ()
    kind = Archetype(proposed.choice)
    quotes = shown.holding(proposed.quotes, orders=kind in _TOLD_BY_ORDERS)
    if not quotes or _contradicted(kind, report, suggester.archetype_cues):
        return None, ()
    return kind, quotes


def _system_type(
    proposed: Proposed, shown: _Report, report: str, suggester: Suggester
) -> tuple[SystemType | None, tuple[str, ...]]:
    if proposed.choice not in set(SystemType):
        return None, ()
    quotes = shown.holding(proposed.quotes)
    if not quotes or _contradicted(proposed.choice, report, suggester.system_cues):
        return None, ()
    return SystemType(proposed.choice), quotes


def _severity(proposed: Proposed, shown: _Report) -> tuple[Severity | None, tuple[str, ...]]:
    quotes = shown.holding(proposed.quotes)
    return (Severity(proposed.choice), quotes) if quotes and proposed.choice in set(Severity) else (None, ())


def _contradicted(choice: str, report: str, cues: Sequence[Cue]) -> bool:
    """True where the report has cues of another kind and none of this."""
    weights = Counter[str]()
    for found in found_in(report, cues):
        weights[found.cue.group] += found.cue.weight  # type: ignore[assignment]
    return not weights[choice] and max(weights.values(), default=0) >= CONTRADICTS


def _guesses(plain: Suggestion, kind: Archetype, quotes: tuple[str, ...]) -> list[Guess]:
    same = next((one for one in plain.archetypes if one.name is kind), Guess(kind, 0.0))
    others = [one for one in plain.archetypes if one.name not in (kind, Archetype.UNSURE)]
    return [replace(same, reasons=(Reason(READ_SO, quotes), *same.reasons)), *others]


def _graver(report: str, plain: Suggestion, kind: Archetype, suggester: Suggester) -> tuple[Severity, Sequence[Reason]]:
    """What the rules say of the kind, and where the plain suggestion rests on an impact that is graver, that."""
    if kind is plain.best.name:
        return plain.severity, plain.severity_reasons
    severity, reasons = suggester.severities.of(report, kind)
    impact = suggester.severities.impact(report, plain.best.name)
    return impact if impact is not None and impact[0] < severity else (severity, reasons)


def _may_be(grave: Severity, ruled: Severity, report: str, kinds: Sequence[Archetype], suggester: Suggester) -> bool:
    """A model may say graver; where no impact is told, and the kind of failure is, one step less grave."""
    if grave <= ruled:
        return True
    if kinds[0] is Archetype.UNSURE or any(suggester.severities.impact(report, kind) for kind in kinds):
        return False
    return _ORDER.index(grave) - _ORDER.index(ruled) == 1


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded.translate(str.maketrans("“”‘’", "\"\"''")).strip(" \"'…\n\t")
