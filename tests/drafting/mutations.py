"""True sentences of a transcript, and the same made untrue in one place."""

from __future__ import annotations

import calendar
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.drafting.grounding.grounding import Record
from app.drafting.reading.acts import spoken
from app.drafting.reading.situation import Situation, understand
from app.ports.drafter import Sentence
from tests.drafting import transcripts

NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = list(calendar.month_name)[1:]
CLOCK = re.compile(r"\b(\d\d?):(\d\d)\b")
DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})\b")
MONTH = re.compile(rf"\b({'|'.join(MONTHS)})\b")
DAY = re.compile(rf"\b({'|'.join(DAYS)})\b")
NUMBER = re.compile(r"(?<![\w.:,-])\d[\d,]*(?:\.\d+)?(?![\w:,]|\.\d|-\d)")
WORD = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
CODE = re.compile(r"\b[A-Za-z]+[A-Za-z_-]*\d[\w.-]*\b|\b\w+_\w+\b|\b\d+\.\d+\.\d+\b")
NAME = re.compile(r"(?<![\w'.-])[A-Z][a-z]{2,}(?![\w-])")
INNER_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?![\w-])")
NO_NAMES = {*DAYS, *MONTHS, "The", "This", "That", "Sunday", "UTC"}
UNHEDGED: Sequence[tuple[str, str]] = (
    (r"^Suspicion (?:that |of )(.*)$", r"\1 was the cause"),
    (r"^(?:Theory|Question|Hypothesis) (?:that|whether) (.*)$", r"\1"),
    (r"^Whether (.*?) (?:is|are|was) (?:not (?:yet )?|un|only )(?:known|decided|clear).*$", r"\1"),
    (r"^Whether (.*?) (?:waits for|is with) .*$", r"\1"),
    (r"^(.*?) (?:is|are) suspected(?: to)? (\w.*)$", r"\1 does \2"),
    (r"^(.*?) (?:is|are|was|were) suspected$", r"\1 is the cause"),
    (r"^Candidate causes: (.*)$", r"The causes were \1"),
    (r"^(.*?)\b(?:may|might) (?:have )?(.*)$", r"\1did \2"),
    (r"^First guess was (.*)$", r"It was \1"),
    (r"^(?:The \w+|Homie|The bot) claims (?:that )?(?:it )?(.*)$", r"It is certain that it \1"),
)


@dataclass(frozen=True)
class Case:
    """A sentence of `part` about `situation`; `original` is the true one."""

    name: str
    situation: Situation
    part: str
    sentence: Sentence
    original: Sentence


PARTS = {"tested": "testing", "unknown": "unknowns", "doing": "doing", "prevention": "doing"}
OPEN_PARTS = frozenset({"testing", "unknowns"})


@cache
def truths(kind: str) -> Sequence[Case]:
    """The hand-made sentences of the transcripts whose names begin with `kind`, wherever they are known to be true."""
    return [case for name in transcripts.names() if name.startswith(kind) for case in _truths_of(name)]


def _truths_of(name: str) -> Iterator[Case]:
    transcript = transcripts.load(name)
    facts: dict[str, dict[str, Any]] = {fact["id"]: fact for fact in transcript["truth"]["facts"]}
    checkpoints = transcript["truth"]["checkpoints"]
    for checkpoint in checkpoints if name.startswith("dev") else checkpoints[-1:]:
        situation = understand(spoken(transcripts.evidence(transcript, checkpoint["t"])))
        there = {entry.id for entry in situation.evidence.entries}
        for fact in (facts[key] for key in checkpoint["known_facts"]):
            cited = tuple(one for one in fact["message_ids"] if one in there)
            if cited:
                sentence = Sentence(fact["text"], cited)
                yield Case(name, situation, PARTS.get(fact["kind"], "what_happened"), sentence, sentence)


def stale(kind: str) -> Iterator[Case]:
    """What was true once and has been superseded by the time, told as it was then."""
    for name in transcripts.names():
        if not name.startswith(kind):
            continue
        transcript = transcripts.load(name)
        last = transcript["truth"]["checkpoints"][-1]
        situation = understand(spoken(transcripts.evidence(transcript, last["t"])))
        for fact in transcript["truth"]["facts"]:
            if "superseded_by" in fact and fact["id"] not in last["known_facts"]:
                sentence = Sentence(_unhedged(fact["text"]) or fact["text"], tuple(fact["message_ids"]))
                yield Case(name, situation, "what_happened", sentence, sentence)


def mutated(kind: str, how: str, seed: int = 1) -> Iterator[Case]:
    """The truths with one number, name, time, citation or hedge made wrong; those without such a thing are left out."""
    dice = random.Random(seed)
    for case in truths(kind):
        for sentence in HOW[how](case, dice):
            part = "what_happened" if how == "hypothesis" else case.part
            yield Case(case.name, case.situation, part, sentence, case.original)


def caught(case: Case, records: dict[int, Record]) -> bool:
    """True when the sentence is refused, or a citation that was swapped in is taken out of it again."""
    record = records.setdefault(id(case.situation), Record(case.situation))
    if record.against(case.sentence, open_part=case.part in OPEN_PARTS):
        return True
    swapped = set(case.sentence.citations) - set(case.original.citations)
    return bool(swapped) and not swapped & set(record.completed(case.sentence).citations)


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _numbers(case: Case, dice: random.Random) -> Iterator[Sentence]:
    text = case.sentence.text
    bare = DATE.sub(lambda m: "_" * len(m.group()), text)
    for match in NUMBER.finditer(bare):
        yield Sentence(_replaced(text, match, _other_number(match.group(), dice)), case.sentence.citations)
    for match in WORD.finditer(text):
        others = [word for word in NUMBER_WORDS if word != match.group().lower()]
        yield Sentence(_replaced(text, match, dice.choice(others)), case.sentence.citations)


def _other_number(written: str, dice: random.Random) -> str:
    places = [index for index, sign in enumerate(written) if sign.isdigit()]
    place = dice.choice(places)
    digit = dice.choice([d for d in "123456789" if d != written[place]])
    return written[:place] + digit + written[place + 1 :]


def _names_of(situation: Situation) -> list[str]:
    found = {name for entry in situation.evidence.entries for name in INNER_NAME.findall(entry.text)}
    found |= {name.capitalize() for name in situation.evidence.names.values() if name.isalpha()}
    return sorted(found - NO_NAMES)


def _names(case: Case, dice: random.Random) -> Iterator[Sentence]:
    names = _names_of(case.situation)
    for match in NAME.finditer(case.sentence.text):
        others = [name for name in names if name not in case.sentence.text]
        if match.group() in names and others:
            yield Sentence(_replaced(case.sentence.text, match, dice.choice(others)), case.sentence.citations)
    for match in CODE.finditer(case.sentence.text):
        code = match.group()
        if any(sign.isdigit() for sign in code):
            yield Sentence(_replaced(case.sentence.text, match, _other_number(code, dice)), case.sentence.citations)


def _times(case: Case, dice: random.Random) -> Iterator[Sentence]:
    text, cited = case.sentence.text, case.sentence.citations
    for match in CLOCK.finditer(text):
        hour = dice.choice([h for h in range(24) if h != int(match[1])])
        yield Sentence(_replaced(text, match, f"{hour:02}:{match[2]}"), cited)
    for match in DATE.finditer(text):
        day = dice.choice([d for d in range(1, 29) if d != int(match[1])])
        yield Sentence(_replaced(text, match, f"{day} {match[2]}"), cited)
    for match in DAY.finditer(text):
        yield Sentence(_replaced(text, match, dice.choice([day for day in DAYS if day != match.group()])), cited)
    for match in MONTH.finditer(text):
        yield Sentence(_replaced(text, match, dice.choice([m for m in MONTHS if m != match.group()])), cited)


def _citations(case: Case, dice: random.Random) -> Iterator[Sentence]:
    there = [entry.id for entry in case.situation.evidence.entries if entry.id not in case.sentence.citations]
    for index in range(len(case.sentence.citations)):
        cited = list(case.sentence.citations)
        cited[index] = dice.choice(there)
        yield Sentence(case.sentence.text, tuple(cited))


def _unhedged(text: str) -> str:
    if "assessment" in text:
        return ""
    for pattern, bare in UNHEDGED:
        if re.match(pattern, text):
            said = re.sub(pattern, bare, text)
            return said[0].upper() + said[1:]
    return ""


def _hypotheses(case: Case, _: random.Random) -> Iterator[Sentence]:
    if said := _unhedged(case.sentence.text):
        yield Sentence(said, case.sentence.citations)


HOW = {
    "number": _numbers,
    "name": _names,
    "time": _times,
    "citation": _citations,
    "hypothesis": _hypotheses,
}
