"""An answer to a question from the record alone: people's own words with their sources, or none."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.drafting.reading.acts import spoken
from app.drafting.reading.cues import Cue
from app.drafting.reading.guesses import Standing
from app.drafting.reading.hostile import gives_orders
from app.drafting.reading.questions import Kind, Question, holds, meanings, read_question, tells_of_self
from app.drafting.reading.situation import Situation, understand
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content, overlap
from app.drafting.telling import phrasing
from app.drafting.telling.budget import Line
from app.drafting.telling.chronology import moment
from app.drafting.telling.lines import told_lines
from app.drafting.telling.unknowns import unknown_lines
from app.ports.drafter import Evidence, Sentence

# Measured on the transcripts' questions (tests/drafting/test_replies.py).
_ENOUGH = 0.62
_NEAR = 0.34
_TALK = 0.5
_BESIDE_BEST = 0.92
_MOST = 2
_LONGEST = 45
_ANSWERED = 0.25
_FIRM = 0.08
NONE_DELETED: Mapping[int, str] = MappingProxyType({})
_EARLIER = "Earlier:"
_VAGUE = 2
_BEFORE = 3
_BRIEF = 3
_UNSAID = 1.4
_YES_NO = re.compile(r"^\W*(?:yes|yep|no|nope|none|all|both|only)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Settled:
    """An unknown that the entry `answer_id` answers; `entry_id` is where it was raised."""

    number: int
    text: str
    answer: str
    entry_id: int
    answer_id: int


@dataclass(frozen=True)
class Reply:
    """The answer's `sentences`, none where it is not on the record; `nearest` is what is open about it, None for
    nothing.

    `number`: of the nearest on the list of unknowns, None where it isn't there. `deleted`: entries that said something
    about it and are deleted; they answer nothing.
    """

    sentences: Sequence[Sentence] = ()
    nearest: Sentence | None = None
    number: int | None = None
    deleted: Sequence[int] = ()


@dataclass(frozen=True)
class _Found:
    """What could answer, and how well it matches."""

    score: float
    sentence: Sentence


def reply_to(
    text: str, evidence: Evidence, settled: Sequence[Settled] = (), deleted: Mapping[int, str] = NONE_DELETED
) -> Reply:
    """What the record says to the question `text`; nothing where that is in doubt.

    `deleted`: the words of deleted messages by id.
    """
    question = read_question(text)
    if not question.wanted:
        return Reply()
    situation = understand(spoken(evidence))
    matching = _Matching(situation, question)
    open_lines = [(matching.share(meanings(line.full)), line) for line in unknown_lines(situation)]
    found = sorted(
        [*_answers(settled, matching), *_told(situation, matching, [line for _, line in open_lines])],
        key=lambda one: -one.score,
    )
    listed = max(((matching.share(meanings(one.text)), one.number) for one in evidence.unknowns), default=(0.0, 0))
    if len(question.wanted) == 1 and len({one.sentence.citations for one in found}) > _VAGUE:
        found = []
    best = found[0].score if found else 0.0
    if best >= _ENOUGH and best >= listed[0]:
        return Reply(_distinct(found))
    nearest = max(open_lines, key=lambda one: one[0], default=None)
    gone = [entry_id for entry_id, words in deleted.items() if matching.share(meanings(words)) >= _ENOUGH]
    if nearest is None or nearest[0] < _NEAR:
        return Reply(deleted=gone)
    number = listed[1] if listed[0] >= _NEAR else None
    return Reply(nearest=Sentence(nearest[1].full, nearest[1].citations), number=number, deleted=gone)


class _Matching:
    """How much of what a question is about each statement says; rare words count more, the talk around it half."""

    def __init__(self, situation: Situation, question: Question) -> None:
        self.question = question
        self.people = frozenset(name.lower() for name in situation.evidence.names.values())
        guessed = {guess.id: guess.clause for guess in situation.guesses}
        self._said = {one.id: _meanings_of(one, guessed.get(one.id, "")) for one in situation.statements}
        self._order = list(self._said)
        self._place = {entry_id: place for place, entry_id in enumerate(self._order)}
        spread = Counter(root for said in self._said.values() for root in said)
        count = max(1, len(self._said))
        # A word that nobody said speaks against every answer.
        rarest = _UNSAID * math.log(1 + count)
        self._weights = {
            root: math.log(1 + count / spread[root]) if root in spread else rarest for root in question.wanted
        }
        self._whole = sum(self._weights.values())
        self.asked: dict[int, str] = {}
        for one in situation.asked:
            for reply in one.replies:
                if _replies(reply, one.clause):
                    self.asked.setdefault(reply.id, one.clause)

    def share(self, said: frozenset[str], around: frozenset[str] = frozenset()) -> float:
        """The share of the question that `said` says, 0 to 1; `around` counts half."""
        own = self.question.wanted & said
        talk = (self.question.wanted & around) - own
        return sum(self._weights[root] for root in own) / self._whole + (
            _TALK * sum(self._weights[root] for root in talk) / self._whole
        )

    def of(self, one: Statement) -> float:
        """How well the statement matches, with the question that it answers and the thread it is in."""
        asked = self.asked.get(one.id, "")
        around = self._around(one)
        own = self._said[one.id]
        if not own & self.question.wanted and not meanings(asked) & self.question.wanted:
            return 0.0
        return self.share(own | meanings(asked), around)

    def _around(self, one: Statement) -> frozenset[str]:
        """What was being talked of: its thread, or what was said just before."""
        if one.entry.thread_of is not None:
            return self._said.get(one.entry.thread_of, frozenset())
        before = self._order[max(0, self._place[one.id] - _BEFORE) : self._place[one.id]]
        return frozenset(root for other in before for root in self._said[other])


def _replies(reply: Statement, clause: str) -> bool:
    """True for what answers the question for sure: in its thread, in a word or two, or with words of its own."""
    if reply.entry.thread_of is not None or len(reply.tokens) <= _BRIEF or _YES_NO.match(reply.text):
        return True
    return bool(meanings(" ".join(reply.says)) & meanings(clause))


def _meanings_of(one: Statement, guessed: str) -> frozenset[str]:
    said = meanings(" ".join((*one.says, *one.quoted, guessed)))
    return said | {"cause"} if Cue.CAUSE in one.cues else said


def _answers(settled: Sequence[Settled], matching: _Matching) -> list[_Found]:
    """The answers to the unknowns of the list: they win."""
    found = []
    for one in settled:
        share = matching.share(meanings(f"{one.text} {one.answer}"))
        if share >= _ENOUGH and not gives_orders(one.answer):
            asked = phrasing.question(phrasing.guarded(one.text))
            answer = phrasing.finished(phrasing.tidy(phrasing.guarded(one.answer)))
            text = f"Asked “{asked}” (unknown {one.number}): {answer}"
            found.append(_Found(share + _ANSWERED, Sentence(text, (one.answer_id, one.entry_id))))
    return found


def _told(situation: Situation, matching: _Matching, open_lines: Sequence[Line]) -> list[_Found]:
    """What was stated, as what it is by now; what only tells that something is open answers nothing."""
    lines: dict[int, Line] = {}
    # What holds comes before what was read earlier.
    for line in sorted(told_lines(situation), key=lambda one: one.full.startswith(_EARLIER)):
        for citation in line.citations:
            lines.setdefault(citation, line)
    unsettled = {citation for line in open_lines for citation in line.citations}
    doubted = {guess.id for guess in situation.guesses if guess.standing is not Standing.CONFIRMED}
    doubted -= {one.id for one in situation.asked if any(Cue.UNKNOWN in reply.cues for reply in one.replies)}
    found = []
    for one in situation.statements:
        share = matching.of(one) if one.says or one.id in doubted else 0.0
        if share < _ENOUGH or Cue.HOSTILE in one.cues or (Cue.UNKNOWN in one.cues and one.id in unsettled):
            continue
        newest = _holding(situation, one, matching.question)
        if not holds(matching.question, newest, matching.asked.get(newest.id, ""), matching.people):
            continue
        sentence = _sentence(newest, lines, matching, plain=_stands(situation, newest, one))
        if sentence is not None:
            extra = _preferred(situation, one, newest, matching.question)
            found.append(_Found(share + extra, sentence))
    return found


def _preferred(situation: Situation, one: Statement, newest: Statement, question: Question) -> float:
    """Among what matches alike: the first telling of when something was, else what is current, the latest first."""
    late = one.position / max(1, len(situation.statements)) / 50
    if question.kind is Kind.TIME:
        return -late
    firm = any(each.id == newest.id for each in situation.current()) and not situation.plans(one)
    return late + (_FIRM if firm else 0.0)


def _stands(situation: Situation, newest: Statement, one: Statement) -> bool:
    return any(each.id == newest.id for each in situation.current()) or (
        newest is one and situation.corrections.of(one) is not None
    )


def _holding(situation: Situation, one: Statement, question: Question) -> Statement:
    """What holds now in place of the statement; itself where it is asked when that was, and it only moved on since."""
    replaced = situation.corrections.of(one)
    if question.kind is Kind.TIME and replaced is not None and replaced.reading and not one.speaking_system:
        return one
    return situation.corrections.newest(one)


def _sentence(one: Statement, lines: Mapping[int, Line], matching: _Matching, *, plain: bool) -> Sentence | None:
    """The statement as an answer; None for a guess or claim that no line tells as what it is."""
    kind = matching.question.kind
    if kind is Kind.PERSON and plain and tells_of_self(one):
        return Sentence(phrasing.finished(f"{one.entry.author_name}: “{_quoted(one)}”"), (one.id,))
    line = lines.get(one.id)
    if line is not None and kind is Kind.TIME and plain and line.full.startswith(_EARLIER):
        line = None
    if line is not None and len(line.full.split()) <= _LONGEST:
        text, cited = line.full, line.citations
    elif one.speaking_system:
        text, cited = phrasing.claim(one.entry.author_name, one.says), (one.id,)
    elif plain:
        text, cited = phrasing.sentence(_nearest(one, matching)), (one.id,)
    elif line is not None:
        text, cited = line.short, line.citations
    else:
        return None
    if kind is Kind.TIME and plain:
        text = f"{moment(one.entry.at)}: {text}"
    return Sentence(text, tuple(dict.fromkeys((one.id, *cited))))


def _quoted(one: Statement) -> str:
    return phrasing.clipped("; ".join(phrasing.guarded(part) for part in one.says), _LONGEST)


def _nearest(one: Statement, matching: _Matching) -> Sequence[str]:
    """All that the statement says, or of a long one the clauses that say most of what is asked."""
    if len(one.text.split()) <= _LONGEST:
        return one.says
    ranked = sorted(one.says, key=lambda part: -matching.share(meanings(part)))[:2]
    return [phrasing.clipped(part, _LONGEST // 2) for part in one.says if part in ranked]


def _distinct(found: Sequence[_Found]) -> list[Sentence]:
    """The best, and what says as much in other words."""
    kept: list[Sentence] = []
    for one in found:
        if one.score < found[0].score * _BESIDE_BEST or len(kept) >= _MOST:
            break
        if not any(overlap(content(one.sentence.text), content(each.text)) >= 0.6 for each in kept):
            kept.append(one.sentence)
    return kept
