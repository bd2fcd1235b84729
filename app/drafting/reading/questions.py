"""A question read: what it is about, and what an answer to it has to hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from app.drafting.reading.cues import IMPERATIVE, Cue
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import stem, word_set, words

_ROOT = 6
# Words that mean the same in the talk about an incident; the first names the family.
_FAMILIES = """
revert reverted reverting rollback rolled
cause caused causes causing reason culprit
customer customers client clients
deleted delete deletes deletion wiped wipe erased erase gone destroyed destroy
legit legitimate genuine
spam junk
detect detected detection noticed notice discovered discover
start started starting begin began begun
complete completed finished finish through
database databases db
commander ic leads leading
admin admins administrator administrators
announce announced announcement
ticket tickets
eval evals evaluation evaluations
production prod
restore restored recover recovered recovery recoverable
decide decided decision decisions
cost costs charge charged charges paid money price
regulator regulators authority authorities
vendor vendors supplier provider
allow allowed permit permitted
leak leaked exposed expose exposure disclosed disclose
affect affected impacted hit harmed
push pushed deploy deployed deployment release released launch launched
safe safety
lost lose loss losing
record records row rows entry entries
admins admin
fail failed fails failing failure
mail mails email emails
fix fixed fixes repaired repair
mitigate mitigated mitigation
see saw seen visible viewed
wrong false incorrect untrue
switch switched
disable disabled
"""
_SAME = {word: line.split()[0] for line in _FAMILIES.strip().splitlines() for word in line.split()}
_IGNORED = word_set(
    """incident happen happened happens thing things know known tell told get got getting long many much currently
    actually yet any anything anybody anyone someone there still exactly ever today yesterday right currently really
    made make makes making use used using problem issue situation going please also even sure kind type sort
    have has had did does do done was were is are be been being the a an of for in on at by to from with about into it
    its this that these those they them we our us you your i me my what which who whom whose when where why how will
    would could should can may might must and or but not no so if than then there here up out over after before during
    because as per all some let s t don doesn didn isn wasn say said says take took taken number amount end up
    possible possibly else go goes went case cases show shows showed look looks mean means since via between
    whether one"""
)
_JOINED = ((re.compile(r"\b(roll(?:ed|ing)?)[ -](?:it )?back\b", re.IGNORECASE), "rollback"),)
_DURATION = re.compile(
    r"\b\d+(?:\.\d+)?\s?(?:h|hrs?|hours?|min(?:ute)?s?|days?|weeks?|months?|seconds?|s)\b|"
    r"\b(?:an?|two|three|half an?|several) (?:hour|day|week|minute|month)s?\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b\d{1,2}:\d\d\b|\b(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"next week|eta|by \d)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|due to|reason|so that|why|cause[ds]?|thanks to|as we|expected)\b", re.IGNORECASE
)
_IS = re.compile(r"^\w+ (?:is|was|are|were|has|have)\b", re.IGNORECASE)
_SELF = re.compile(r"(?<![\w'])(?:I|I'm|I've|I'll|me|my)(?!\w)")


class Kind(Enum):
    """What is asked for."""

    COUNT = auto()
    LENGTH = auto()
    PERSON = auto()
    TIME = auto()
    FUTURE = auto()
    REASON = auto()
    OTHER = auto()


_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"\bhow long\b", re.IGNORECASE), Kind.LENGTH),
    (
        re.compile(
            r"\bhow (?:many|much|often|big|large)\b|"
            r"\bwhat (?:\w+ ){0,4}costs?\b|\bwhat (?:number|amount|share|percentage)\b",
            re.IGNORECASE,
        ),
        Kind.COUNT,
    ),
    (re.compile(r"^\W*(?:and )?(?:who|whose|whom)\b", re.IGNORECASE), Kind.PERSON),
    (re.compile(r"\bwhen (?:will|does|do|can|is|are)\b|\beta\b", re.IGNORECASE), Kind.FUTURE),
    (re.compile(r"\bwhen\b|\bwhat time\b|\bsince when\b", re.IGNORECASE), Kind.TIME),
    (re.compile(r"\bwhy\b|\bhow come\b", re.IGNORECASE), Kind.REASON),
)


@dataclass(frozen=True)
class Question:
    """`wanted`: what it is about; `counted`: what is counted, where it asks for a number."""

    text: str
    kind: Kind
    wanted: frozenset[str]
    counted: frozenset[str]


def read_question(text: str) -> Question:
    """The question in `text`, whatever else stands there: it is only ever compared."""
    kind = next((kind for pattern, kind in _KINDS if pattern.search(text)), Kind.OTHER)
    counted = re.search(r"\bhow (?:many|much) ((?:\S+ ){0,2}\S+)", text, re.IGNORECASE)
    noun = _noun(counted.group(1)) if counted and kind is Kind.COUNT else frozenset()
    return Question(text, kind, meanings(text), noun)


def _noun(words_after: str) -> frozenset[str]:
    """What is counted: the words until the verb."""
    until = re.split(r"\b(?:was|were|is|are|did|do|does|have|has|had|will|could|can)\b", words_after, maxsplit=1)[0]
    return meanings(until)


def meanings(text: str) -> frozenset[str]:
    """The roots of the meaningful words of `text`; words of one family share one."""
    for pattern, plain in _JOINED:
        text = pattern.sub(plain, text)
    return frozenset(
        _meaning(word) for word in words(text) if word not in _IGNORED and (len(word) > 1 or word.isdigit())
    )


def _meaning(word: str) -> str:
    word = word.removesuffix("'s")
    known = _SAME.get(word)
    return known if known is not None else _SAME.get(stem(word), stem(word)[:_ROOT])


def holds(question: Question, one: Statement, asked: str, people: frozenset[str]) -> bool:
    """True when `one`, said in reply to `asked` (empty for none), has what such a question asks for."""
    said = " ".join((*one.says, *one.quoted))
    if question.kind is Kind.COUNT:
        return _counts(question, one, asked)
    if question.kind is Kind.LENGTH:
        return _DURATION.search(said) is not None
    if question.kind is Kind.TIME:
        orders = any(IMPERATIVE.match(part) and not _IS.match(part) for part in one.says)
        return Cue.DECISION not in one.cues and not orders
    if question.kind is Kind.FUTURE:
        return _TIME.search(said) is not None or _DURATION.search(said) is not None
    if question.kind is Kind.REASON:
        return Cue.CAUSE in one.cues or _REASON.search(said) is not None or _REASON.search(asked) is not None
    if question.kind is Kind.PERSON:
        return tells_of_self(one) or any(re.search(rf"\b{re.escape(name)}\b", said, re.I) for name in people)
    return bool(one.says or one.asks)


def tells_of_self(one: Statement) -> bool:
    """True when the author speaks of themselves."""
    return _SELF.search(" ".join(one.says)) is not None


def _counts(question: Question, one: Statement, asked: str) -> bool:
    """True for an amount of what is counted, or one given to a question that asked for a number."""
    units = frozenset(root for amount in one.amounts for root in meanings(amount.unit)) | {
        "cost" for amount in one.amounts if amount.unit in "$€£" and amount.unit
    }
    near = {each for amount in one.amounts for each in meanings(one.text[amount.start : amount.end + 40])}
    wanted = question.counted or question.wanted
    if units & (wanted | question.wanted) or (question.counted and question.counted & near and one.amounts):
        return True
    return any(not amount.unit for amount in one.amounts) and bool(wanted & meanings(asked))
