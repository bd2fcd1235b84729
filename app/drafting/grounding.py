"""A model's sentences held against the record: what the cited entries don't carry is dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.drafting import hostile
from app.drafting.chronology import moment
from app.drafting.cues import Cue
from app.drafting.guesses import Standing
from app.drafting.hostile import gives_orders
from app.drafting.situation import Situation
from app.drafting.statements import Statement
from app.drafting.tokens import content, numbers, words
from app.drafting.wording import read
from app.ports.drafter import EvidenceEntry, Sentence

_WORDS = 60
_SUPPORT = 0.34
_HEDGED = re.compile(
    r"\b(?:suspect\w*|may|might|could|possib\w+|probab\w+|whether|unconfirmed|not confirmed|hypothes\w+|believed?|"
    r"thought|guess\w*|appears?|"
    r"seems?|considered|unclear|unknown|not known|early assessment|likely|candidates?|testing|checking|"
    r"investigating)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not?|never|n't|ruled out|excluded|false|wrong\w*|unrelated|disproved|withdrawn|corrected|initially|"
    r"at first|first|earlier|previously)\b|n't\b",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(
    r"\b(?:claim\w*|said|says|stated|reported|according|told|admitted|own account|its word|asserted|described|wrote)\b",
    re.IGNORECASE,
)
_HOSTILE_NAMED = re.compile(
    r"\b(?:hostile|inject\w*|malicious|attack\w*|prompt|payload|pasted|instruction|untrusted|quoted)\b", re.IGNORECASE
)
_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?!\d)")
_OPAQUE = re.compile(r"\b(?=\w*[\d_-])(?=[\w-]*[A-Za-z])[\w-]{6,}\b")


@dataclass(frozen=True)
class Grounded:
    """The sentences that hold, by part, and the number that did not."""

    parts: Mapping[str, Sequence[Sentence]]
    dropped: int

    @property
    def kept(self) -> int:
        return sum(len(sentences) for sentences in self.parts.values())


def ground(parts: Mapping[str, Sequence[Sentence]], situation: Situation, *, open_parts: frozenset[str]) -> Grounded:
    """The sentences of `parts` that the record carries, cleaned of anything that could act.

    In `open_parts` (testing, unknowns) a suspicion may stand without saying that it is one.
    """
    record = _Record(situation)
    kept: dict[str, list[Sentence]] = {}
    dropped = 0
    for part, sentences in parts.items():
        kept[part] = []
        for sentence in sentences:
            cleaned = Sentence(_cleaned(sentence.text), tuple(dict.fromkeys(sentence.citations)))
            if record.carries(cleaned, suspicion_ok=part in open_parts) and cleaned not in kept[part]:
                kept[part].append(cleaned)
            else:
                dropped += 1
    return Grounded(kept, dropped)


def _cleaned(text: str) -> str:
    """`text` as plain words: no markup, no mentions, no links, no line breaks."""
    said = read(text.replace("```", " "), {}).said
    return re.sub(r"\s+", " ", re.sub(r"[*_~#]{2,}|^[#>\-\s]+", "", said)).strip()


class _Record:
    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._entries: dict[int, EvidenceEntry] = {entry.id: entry for entry in situation.evidence.entries}
        self._statements = {one.id: one for one in situation.statements}
        self._hostile = [one for one in situation.statements if _is_hostile(one)]

    def carries(self, sentence: Sentence, *, suspicion_ok: bool) -> bool:
        """True when every check passes."""
        if not self._well_formed(sentence):
            return False
        cited = [self._entries[citation] for citation in sentence.citations]
        statements = [self._statements[entry.id] for entry in cited if entry.id in self._statements]
        return (
            self._supported(sentence, cited, _SUPPORT / 2 if suspicion_ok else _SUPPORT)
            and self._numbers_stand(sentence, cited)
            and not self._obeys(sentence, statements)
            and not self._stale(sentence, statements)
            and not self._claims_as_fact(sentence, statements)
            and (suspicion_ok or not self._suspicion_as_fact(sentence, statements))
            and not self._ruled_out_as_fact(sentence, statements)
        )

    def _well_formed(self, sentence: Sentence) -> bool:
        if not sentence.citations or any(citation not in self._entries for citation in sentence.citations):
            return False
        return 2 <= len(sentence.text.split()) <= _WORDS

    def _supported(self, sentence: Sentence, cited: Sequence[EvidenceEntry], share: float) -> bool:
        said = content(re.sub(r"^\d{1,2} \w{3} [\d:]+ UTC:", "", sentence.text))
        body = content(" ".join(f"{entry.text} {entry.author_name}" for entry in cited))
        return bool(said) and len(said & body) / len(said) >= share

    def _numbers_stand(self, sentence: Sentence, cited: Sequence[EvidenceEntry]) -> bool:
        body = " ".join(read(entry.text, {}).said for entry in cited)
        times = " ".join(moment(entry.at) for entry in cited)
        if not numbers(sentence.text) <= numbers(body) | frozenset(re.findall(r"\d+(?:\.\d+)*", body)):
            return False
        if not set(_CLOCK.findall(sentence.text)) <= set(_CLOCK.findall(f"{body} {times}")):
            return False
        return all(date in f"{body} {times}".lower() for date in _dates(sentence.text))

    def _obeys(self, sentence: Sentence, statements: Sequence[Statement]) -> bool:
        """True for orders, for words of an attack, and for marks that only an attack carries."""
        if gives_orders(sentence.text):
            return True
        if any(_is_hostile(one) for one in statements) and not _HOSTILE_NAMED.search(sentence.text):
            return True
        said = words(sentence.text)
        marks = set(_OPAQUE.findall(sentence.text))
        for one in self._hostile:
            if _common_run(said, words(one.entry.text)) >= 5:
                return True
            if marks & set(_OPAQUE.findall(one.entry.text)) - self._honest_marks():
                return True
        return False

    def _honest_marks(self) -> set[str]:
        hostile_ids = {one.id for one in self._hostile}
        return {m for i, entry in self._entries.items() if i not in hostile_ids for m in _OPAQUE.findall(entry.text)}

    def _stale(self, sentence: Sentence, statements: Sequence[Statement]) -> bool:
        cited = set(sentence.citations)
        for one in statements:
            replaced = self._situation.corrections.of(one)
            if replaced is None or replaced.new.id in cited or _DENIED.search(sentence.text):
                continue
            if content(" ".join(replaced.parts)) & content(sentence.text):
                return True
        return self._old_number(sentence, statements)

    def _old_number(self, sentence: Sentence, statements: Sequence[Statement]) -> bool:
        """True when a number stands that the correction cited beside it has replaced."""
        if _DENIED.search(sentence.text):
            return False
        said = numbers(sentence.text)
        for one in statements:
            replaced = self._situation.corrections.of(one)
            if replaced is None:
                continue
            old = {before.value for before, _ in replaced.pairs}
            new = {after.value for _, after in replaced.pairs}
            if said & old and not said & new:
                return True
        return False

    def _claims_as_fact(self, sentence: Sentence, statements: Sequence[Statement]) -> bool:
        own = [one for one in statements if one.speaking_system]
        return bool(own) and len(own) == len(statements) and not _ATTRIBUTED.search(sentence.text)

    def _suspicion_as_fact(self, sentence: Sentence, statements: Sequence[Statement]) -> bool:
        if _HEDGED.search(sentence.text):
            return False
        return self._rests_on(sentence, statements, Standing.OPEN)

    def _ruled_out_as_fact(self, sentence: Sentence, statements: Sequence[Statement]) -> bool:
        if _DENIED.search(sentence.text):
            return False
        return self._rests_on(sentence, statements, Standing.RULED_OUT)

    def _rests_on(self, sentence: Sentence, statements: Sequence[Statement], standing: Standing) -> bool:
        """True when the sentence tells a guess of that standing and cites nothing firm that tells the same."""
        said = content(sentence.text)
        guesses = [guess for guess in self._situation.guesses if guess.standing is standing]
        guessed = {guess.id for guess in guesses}
        for guess in guesses:
            if guess.id not in sentence.citations or len(content(guess.clause) & said) < 2:
                continue
            firm = [one for one in statements if one.id not in guessed and len(one.tokens & said) >= 3]
            if not firm or standing is Standing.RULED_OUT:
                return True
        return False


def _is_hostile(one: Statement) -> bool:
    return Cue.HOSTILE in one.cues or any(hostile.gives_orders(block) for block in (*one.quoted, one.entry.text))


def _common_run(said: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest run of words that both have."""
    best = 0
    row = [0] * (len(other) + 1)
    for word in said:
        before = 0
        for j, theirs in enumerate(other, 1):
            before, row[j] = row[j], (before + 1 if word == theirs else 0)
            best = max(best, row[j])
    return best


def _dates(text: str) -> list[str]:
    """Days with a month named in `text`, as `24 apr`."""
    found = re.findall(
        r"\b(\d{1,2})(?:st|nd|rd|th)? (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", text, re.IGNORECASE
    )
    return [f"{day} {month.lower()}" for day, month in found]
