"""Questions and what became of them: who answered, and whether the answer settles anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.timeline import Mark
from app.drafting.reading.cues import IMPERATIVE, Cue, cues_of, is_ack, opens_question
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content, overlap

_NEARBY = 4
_SOON = timedelta(minutes=30)
_LATE = timedelta(hours=6)
_YES_NO = re.compile(r"^\W*(?:yes|yep|yeah|no|nope|not|none|never|all|both|only|neither)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\bhow (?:many|much|long)\b|\bnumber of\b|\bwhich\b", re.IGNORECASE)
_REQUEST = re.compile(
    r"^(?:and |so |ok |then )?(?:can|could|would|will) you\b|^(?:shall|should|can|do|may|could) (?:we|i)\b|"
    r"^who (?:can|takes|does|will)\b|"
    r"^(?:any|an?)(?:body|one)?(?: got| have)?\b.*\b(?:check|pls|please)\b|^you\b|^options?\b|^sure\b|\bwording\b|"
    r"^what(?:'s| is) fastest|"
    r"^what do you mean|^who\b[^?]*\bup\b|^what can\b|^is that right|^what (?:about|next)|^status|, is (?:that|"
    r"it) (?:right|true|ok)|\bplease\b",
    re.IGNORECASE,
)
_ASSUMED = re.compile(
    r"^(?:can|could|shall|should|do|does|are|you|may|will|would|any\w*|is (?:there|this|that|it (?:only|just))|have|"
    r"has|which|or what|"
    r"resolved|fixed|really|done|all|options?|did|was|were|is|had|am|someone|somebody)\b|\b(?:says?|said|claims?)\b",
    re.IGNORECASE,
)
_BLAME = re.compile(r"\b(?:caus\w+|behind|because|due to|trigger\w*|related|connected|same)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A question, the entries that answer it, and whether it is settled by them or by what was said later."""

    statement: Statement
    clause: str
    replies: tuple[Statement, ...]
    settled: bool

    @property
    def id(self) -> int:
        return self.statement.id


def is_request(clause: str) -> bool:
    """True when `clause` asks somebody to act or to choose, rather than for a fact."""
    return _REQUEST.search(clause) is not None


def proposes_cause(clause: str) -> bool:
    """True when a question is itself a guess: "real phishing campaign?", "did the fix cause this?"."""
    bare = re.sub(
        r"^(?:(?:um+|hm+|uh|oh|so|and|ok|wait|sorry)\b,?\s*)+", "", clause.rstrip("? ").strip(), flags=re.IGNORECASE
    )
    if not clause.endswith("?") or opens_question(bare) or is_ack(bare):
        return False
    if _BLAME.search(bare) and not is_request(bare):
        return len(content(bare)) >= 2
    if _ASSUMED.match(bare) or is_request(bare) or IMPERATIVE.match(bare) or len(content(bare)) < 2:
        return False
    return Cue.HEDGE in cues_of(bare) or not cues_of(bare) & {Cue.ACTION, Cue.DECISION}


def _thread(statement: Statement) -> int:
    return statement.entry.thread_of if statement.entry.thread_of is not None else statement.id


def _replies(question: Statement, later: Sequence[Statement]) -> list[Statement]:
    root = _thread(question)
    threaded = [one for one in later if one.entry.thread_of == root and one.says]
    if threaded or question.entry.thread_of is not None:
        return threaded[:_NEARBY]
    near: list[Statement] = []
    for one in later[:_NEARBY]:
        gap = one.entry.at - question.entry.at
        if one.entry.thread_of is not None or one.entry.author == question.entry.author:
            continue
        if gap > (_LATE if one is later[0] else _SOON):
            break
        if one.says and (not one.entry.author_is_bot or one.speaking_system):
            near.append(one)
            break
    return near


def dodges(statement: Statement) -> bool:
    """True when a reply leaves the matter as open as it was."""
    return (
        bool(statement.cues & {Cue.UNKNOWN, Cue.HEDGE})
        or statement.speaking_system
        or (statement.ack and not _YES_NO.match(statement.text))
    )


def _answered_later(clause: str, later: Sequence[Statement]) -> bool:
    wanted = content(clause)
    counted = _COUNTED.search(clause) is not None
    for one in later:
        if not one.says or dodges(one) or Cue.QUESTION in one.cues:
            continue
        shared = wanted & one.tokens
        if counted and shared and any(amount.unit in shared for amount in one.amounts):
            return True
        if len(shared) >= 2 and overlap(wanted, one.tokens) >= (0.5 if counted and one.amounts else 0.75):
            return True
    return False


def asked(statements: Sequence[Statement]) -> list[Asked]:
    """Every question in `statements` with its replies, oldest first."""
    found: list[Asked] = []
    for index, one in enumerate(statements):
        if not one.asks or one.entry.mark is Mark.ANSWERED or Cue.HOSTILE in one.cues:
            continue
        later = statements[index + 1 :]
        replies = tuple(_replies(one, later))
        direct = any(not dodges(reply) for reply in replies)
        for clause in one.asks:
            counted = _COUNTED.search(clause) is not None and not any(reply.amounts for reply in replies)
            settled = (direct and not counted) or _answered_later(clause, later)
            found.append(Asked(one, clause, replies, settled))
    return found
