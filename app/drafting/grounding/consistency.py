"""A new text compared with what was published before: numbers that changed, claims that no longer hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.status_update import Audience, Section
from app.drafting.reading.guesses import Standing
from app.drafting.reading.situation import Situation
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import Amount, amounts, content, numbers, overlap, word_set
from app.drafting.reading.wording import read
from app.drafting.telling import phrasing
from app.ports.drafter import Sentence

IS_CORRECTION = re.compile(r"^(?:\d{1,2} \w{3} \d{4} \d{2}:\d{2} UTC: )?Correction:")
_SPANS = word_set("minut min hour h day week month year second sec ms time utc am pm of")
_QUOTED_WORDS = 14
_AS_WRITTEN = re.compile(r"[$€£]?\d[\d,]*(?:\.\d+)?\s?(?:%|k\b|m\b|million\b|thousand\b)?")
_DENIES = re.compile(r"\b(?:ruled out|excluded|(?:is|was|were) not|no longer|earlier|withdrawn)\b", re.IGNORECASE)


class Kind(StrEnum):
    """How a new text differs from a published one."""

    NUMBER = "number"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Told:
    """One sentence of the last update that was published for an audience."""

    audience: Audience
    version: int
    section: Section
    sentence: Sentence


@dataclass(frozen=True)
class Difference:
    """`audience` was told `was` in update `version`; `now` holds (empty where nothing takes its place)."""

    kind: Kind
    audience: Audience
    version: int
    was: str
    now: str
    citations: tuple[int, ...]


def differences(
    sections: Mapping[Section, Sequence[Sentence]], published: Sequence[Told], situation: Situation
) -> list[Difference]:
    """What `published` says otherwise than `sections`, or than the record as it now stands; each once."""
    new = [one for part in Section if part is not Section.UNKNOWNS for one in sections.get(part, ())]
    found: dict[tuple[Audience, str], Difference] = {}
    for told in published:
        if told.section is Section.UNKNOWNS or IS_CORRECTION.match(told.sentence.text):
            continue
        for one in (*_numbers(told, new, situation), *_withdrawn(told, situation)):
            found.setdefault((one.audience, one.was), one)
    return list(found.values())


def correction(difference: Difference, *, reason: bool = True) -> Sentence:
    """The sentence that states the difference; without `reason` it doesn't say what proved a claim wrong."""
    if difference.kind is Kind.NUMBER:
        return Sentence(f"Correction: earlier we said {difference.was}; it is {difference.now}.", difference.citations)
    why = f" {difference.now}" if difference.now and reason else ""
    holds = f"that does not hold:{why}" if why else "that no longer holds"
    text = f"Correction: earlier we said “{difference.was}”; {holds}"
    return Sentence(f"{text.rstrip('.')}.", difference.citations)


def stated(difference: Difference, sentences: Iterable[Sentence]) -> bool:
    """True when one of `sentences` is a correction of just this."""
    for one in sentences:
        if not IS_CORRECTION.match(one.text):
            continue
        if difference.kind is Kind.NUMBER and numbers(f"{difference.was} {difference.now}") <= numbers(one.text):
            return True
        if difference.kind is Kind.WITHDRAWN and content(difference.was) <= content(one.text):
            return True
    return False


def _numbers(told: Told, new: Sequence[Sentence], situation: Situation) -> Iterable[Difference]:
    for amount in amounts(told.sentence.text):
        if not amount.unit or amount.unit in _SPANS or _still_said(amount, new):
            continue
        change = _corrected(told, amount, situation) or _restated(told, amount, new)
        if change is not None:
            now, cited = change
            was = _phrase(told.sentence.text, amount)
            yield Difference(Kind.NUMBER, told.audience, told.version, was, now, cited)


def _still_said(amount: Amount, new: Sequence[Sentence]) -> bool:
    same = (amount.value, amount.unit)
    return any((one.value, one.unit) == same for sentence in new for one in amounts(_bare(sentence.text)))


def _bare(text: str) -> str:
    """`text` without numbers that it calls wrong ("37 customers, not 14")."""
    return re.sub(r"\bnot [\d,.]+(?: \w+)?", "", text) if not IS_CORRECTION.match(text) else ""


def _corrected(told: Told, amount: Amount, situation: Situation) -> tuple[str, tuple[int, ...]] | None:
    """What the record puts in the number's place, by an edit or by later statements."""
    for statement in filter(None, map(situation.by_id, told.sentence.citations)):
        change = _edited(statement, amount) or _followed(statement, amount.value, situation)
        if change is not None:
            return change
    return None


def _followed(statement: Statement, value: str, situation: Situation) -> tuple[str, tuple[int, ...]] | None:
    """The number that stands in place of `value` at the end of a chain of corrections."""
    first, seen = value, set()
    found: tuple[str, tuple[int, ...]] | None = None
    while (replaced := situation.corrections.of(statement)) is not None and statement.id not in seen:
        seen.add(statement.id)
        after = next((after for before, after in replaced.pairs if before.value == value), None)
        if after is None or (replaced.reading and not _same_matter(statement.named, replaced.new.named)):
            break
        statement, value = replaced.new, after.value
        found = _as_written(statement.text, after), (statement.id,)
    return found if value != first else None


def _edited(statement: Statement, amount: Amount) -> tuple[str, tuple[int, ...]] | None:
    if not any(amount.value == one.value for text in statement.entry.earlier_texts for one in _amounts_in(text)):
        return None
    said = read(statement.entry.text, {}).said
    after = next((one for one in amounts(said) if one.unit == amount.unit), None)
    if after is None or after.value == amount.value:
        return None
    return _as_written(said, after), (statement.id,)


def _amounts_in(text: str) -> Sequence[Amount]:
    return amounts(read(text, {}).said)


def _restated(told: Told, amount: Amount, new: Sequence[Sentence]) -> tuple[str, tuple[int, ...]] | None:
    """Another number of the same thing in a sentence about the same matter."""
    about = _named(told.sentence.text)
    for sentence in new:
        if IS_CORRECTION.match(sentence.text) or not _same_matter(about, _named(sentence.text)):
            continue
        for one in amounts(sentence.text):
            if one.unit == amount.unit and one.value != amount.value:
                return _as_written(sentence.text, one), sentence.citations
    return None


def _same_matter(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= 3 or (shared == 2 and overlap(one, other) >= 0.75)


def _named(text: str) -> frozenset[str]:
    return frozenset(token for token in content(text) if not token[0].isdigit())


def _withdrawn(told: Told, situation: Situation) -> Iterable[Difference]:
    entries = {entry.id for entry in situation.evidence.entries}
    cited = told.sentence.citations
    raised = {unknown.entry_id for unknown in situation.evidence.unknowns}
    if cited and not entries & set(cited) and not raised & set(cited):
        yield _gone(told, "", cited)
        return
    for statement in filter(None, map(situation.by_id, cited)):
        by = _taken_back_by(told, statement, situation)
        if by is not None:
            yield _gone(told, phrasing.clipped(phrasing.sentence(by.says), _QUOTED_WORDS + 6), (by.id,))
            return


def _gone(told: Told, now: str, cited: tuple[int, ...]) -> Difference:
    was = phrasing.clipped(told.sentence.text, _QUOTED_WORDS).rstrip(".")
    return Difference(Kind.WITHDRAWN, told.audience, told.version, was, now, cited)


def _taken_back_by(told: Told, statement: Statement, situation: Situation) -> Statement | None:
    """The statement since which what was told does not hold, without being about a number alone."""
    said = _named(told.sentence.text)
    replaced = situation.corrections.of(statement)
    if replaced is not None and not replaced.pairs and not replaced.reading and not statement.speaking_system:
        newer = replaced.new.id in told.sentence.citations
        if not newer and len(said & _named(" ".join(replaced.parts))) >= 2:
            return replaced.new
    for guess in situation.guesses:
        if guess.id != statement.id or guess.standing is not Standing.RULED_OUT or guess.by is None:
            continue
        if not _DENIES.search(told.sentence.text) and len(said & _named(guess.clause)) >= 2:
            return guess.by
    return None


def _phrase(text: str, amount: Amount) -> str:
    """The amount as it was told, with the word that it counts."""
    number = _as_written(text, amount)
    rest = text[text.find(number, max(0, amount.start - 1)) + len(number) :]
    word = re.match(r"\s?[^\W\d_][\w-]*", rest)
    return f"{number}{word.group()}" if word and amount.unit not in "%$€£" else number


def _as_written(text: str, amount: Amount) -> str:
    found = (match.group().strip() for match in _AS_WRITTEN.finditer(text))
    return next((one for one in found if _value(one) == amount.value), amount.value)


def _value(written: str) -> str:
    return re.sub(r"[$€£%,\s]", "", written).rstrip(".")
