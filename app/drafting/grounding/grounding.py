"""A model's sentences held against the record: what the cited entries don't carry is refused, with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.drafting.grounding.assertion import Assertion, Texts
from app.drafting.grounding.bearing import Bearing, roots
from app.drafting.grounding.figures import wrong_number
from app.drafting.grounding.moments import wrong_time
from app.drafting.grounding.naming import proper_names, source_of_names, wrong_name
from app.drafting.grounding.obeying import Attacks
from app.drafting.grounding.standing import too_firm
from app.drafting.reading.situation import Situation
from app.drafting.reading.wording import read
from app.ports.drafter import EvidenceEntry, Sentence

_WORDS = 60
_NOT_SHOWN = "(a sentence that follows or repeats a hostile text)"
_SOURCES = 2


@dataclass(frozen=True)
class Refused:
    """A sentence of `part` that does not hold, and why, in one plain clause. `obeys`: it does what an attack wants."""

    part: str
    sentence: Sentence
    reason: str
    obeys: bool = False


@dataclass(frozen=True)
class Grounded:
    """The sentences that hold, by part, and those that do not."""

    parts: Mapping[str, Sequence[Sentence]]
    refused: Sequence[Refused] = ()

    @property
    def kept(self) -> int:
        return sum(len(sentences) for sentences in self.parts.values())

    def joined(self, later: Grounded) -> Grounded:
        """What holds of both, doubles left out, and what `later` refused."""
        parts = {name: list(sentences) for name, sentences in self.parts.items()}
        for name, sentences in later.parts.items():
            kept = parts.setdefault(name, [])
            kept += [one for one in sentences if one not in kept]
        return Grounded(parts, later.refused)


def ground(parts: Mapping[str, Sequence[Sentence]], record: Record, *, open_parts: frozenset[str]) -> Grounded:
    """The sentences of `parts` that `record` carries, cleaned of anything that could act.

    In `open_parts` (testing, unknowns) a suspicion may stand without saying that it is one. An entry of the same talk
    is added to the citations where it alone names what the sentence names.
    """
    kept: dict[str, list[Sentence]] = {}
    refused: list[Refused] = []
    for part, sentences in parts.items():
        kept[part] = []
        for sentence in sentences:
            cleaned = Sentence(_cleaned(sentence.text), tuple(dict.fromkeys(sentence.citations)))
            if reason := record.against(cleaned, open_part=part in open_parts):
                refused.append(Refused(part, cleaned, reason, obeys=record.obeys(cleaned)))
            elif (whole := record.completed(cleaned)) not in kept[part]:
                kept[part].append(whole)
    return Grounded(kept, refused)


def _cleaned(text: str) -> str:
    """`text` as plain words: no markup, no mentions, no links, no line breaks."""
    said = re.sub(r"\ba link to \S+", "a link", read(text.replace("```", " "), {}).said)
    return re.sub(r"\s+", " ", re.sub(r"[*_~#]{2,}|^[#>\-\s]+", "", said)).strip()


class Record:
    """The record as the judge of sentences."""

    def __init__(self, situation: Situation) -> None:
        self._texts = Texts(situation)
        self._entries: dict[int, EvidenceEntry] = {entry.id: entry for entry in situation.evidence.entries}
        self._names = proper_names(self._texts)
        self._attacks = Attacks(situation)
        self._bearing = Bearing(self._texts)

    def against(self, sentence: Sentence, *, open_part: bool = False) -> str:
        """Why the sentence does not hold, in one plain clause; empty when every check passes."""
        if not sentence.citations:
            return "it cites nothing"
        foreign = next((each for each in sentence.citations if each not in self._entries), None)
        if foreign is not None:
            return f"entry {foreign} is not in this record"
        if not 2 <= len(sentence.text.split()) <= _WORDS:
            return "it is too long" if sentence.text.split()[2:] else "it says nothing"
        one = self._assertion(sentence, open_part)
        return (
            self._attacks.obeyed(one)
            or wrong_number(one)
            or wrong_time(one)
            or wrong_name(one, self._names)
            or too_firm(one)
            or self._bearing.beside_the_point(one)
        )

    def obeys(self, sentence: Sentence) -> bool:
        """True when the sentence gives orders, or repeats a hostile text."""
        there = replace(sentence, citations=tuple(one for one in sentence.citations if one in self._entries))
        return bool(self._attacks.obeyed(self._assertion(there, open_part=True)))

    def shown(self, refused: Refused) -> str:
        """The refused sentence as people may read it: nothing of an attack, no code that only the drafter knows."""
        return _NOT_SHOWN if refused.obeys else self._attacks.without_codes(refused.sentence.text)

    def completed(self, sentence: Sentence) -> Sentence:
        """The sentence, citing also the entry that names what it names, and none that has nothing to do with it."""
        one = self._assertion(sentence, open_part=True)
        idle = self._bearing.idle(one)
        cited = tuple(citation for citation in sentence.citations if citation not in idle)
        source = source_of_names(one, self._names)
        whole = replace(sentence, citations=cited if source is None else (*cited, source.id))
        return sentence if self.against(whole, open_part=True) else whole

    def sources(self, sentences: Sequence[Sentence]) -> frozenset[int]:
        """The entries that the sentences cite, those that say most of each, and what corrects any of these."""
        found = {citation for one in sentences for citation in one.citations if citation in self._entries}
        for one in sentences:
            shares = self._bearing.shares(roots(one.text))
            found |= set(sorted(shares, key=lambda entry_id: -shares[entry_id])[:_SOURCES])
        later = self._texts.situation.corrections.by_old
        return frozenset(found | {later[entry_id].new.id for entry_id in found if entry_id in later})

    def _assertion(self, sentence: Sentence, open_part: bool) -> Assertion:
        cited = [self._entries[citation] for citation in sentence.citations]
        return Assertion(sentence, cited, self._texts, open_part)
