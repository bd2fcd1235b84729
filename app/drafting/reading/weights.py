"""How much a statement matters to somebody who has one minute."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from app.domain.timeline import Mark
from app.drafting.reading.cues import Cue
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import Amount, content

MENTION = 0.6
_MARKS: dict[Mark, float] = {
    Mark.DECISION: 6,
    Mark.IMPACT: 6,
    Mark.MILESTONE: 5.5,
    Mark.RULED_OUT: 5,
    Mark.ACTION: 5,
    Mark.HYPOTHESIS: 4.5,
    Mark.EVIDENCE: 4,
    Mark.OBSERVATION: 4,
    Mark.ANSWERED: 4,
    Mark.UNKNOWN: 4,
    Mark.NOTE: 0,
}
_CUES: dict[Cue, float] = {
    Cue.CAUSE: 1.3,
    Cue.IMPACT: 0.9,
    Cue.ACTION: 0.9,
    Cue.DECISION: 0.8,
    Cue.RESOLUTION: 0.9,
    Cue.DETECTION: 0.7,
    Cue.RULED_OUT: 0.8,
    Cue.CONFIRMED: 0.8,
    Cue.CORRECTION: 0.6,
    Cue.DIAGNOSTIC: 0.6,
    Cue.PREVENTION: 0.9,
    Cue.REVIEW: 0.6,
    Cue.CLAIM: 0.5,
    Cue.PUBLIC: 0.6,
    Cue.UNKNOWN: 0.6,
    Cue.PROGRESS: 0.3,
    Cue.HEDGE: 0.4,
    Cue.ROLES: -1.2,
}
_IDENTIFIER = re.compile(r"\b[A-Z]{2,}-?\d{3,}\b|\b\w+_\w+\b|\bv?\d+\.\d+\.\d+\b|#\d+")
_FEELING = re.compile(
    r"\b(?:crazy|insane|nuts|awful|hate|love|best|worst|unbelievable|ridiculous|seriously)\b", re.IGNORECASE
)
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_WHEN_OR_TIMES = re.compile(
    r"^(?:during|before|after|since|until) \w|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"dozens?|hundreds?) times\b",
    re.I,
)
_ABOUT_WORDS = re.compile(
    r"\b(?:mark it|write it|wording|our summary|call it that|that number|advisory text|in the (?:report|thread)|"
    r"pasting)\b",
    re.I,
)
_OPENING = re.compile(r"\b(?:sev ?-?[1-4]|severity|incident)\b", re.IGNORECASE)


def _counts(amount: Amount) -> bool:
    """True for an amount that measures; "day 8" and "two hours" don't."""
    return amount.unit in {"%", "$", "€", "£", "of"} or len(amount.value) > 1


def _substance(statement: Statement) -> float:
    size = len(content(" ".join(statement.says))) if statement.says else len(statement.tokens)
    score = sum(_CUES.get(cue, 0.0) for cue in statement.cues)
    score += min(1.6, 0.8 * sum(1 for amount in statement.amounts if _counts(amount)))
    score += 0.5 * bool(_IDENTIFIER.search(statement.text)) + 0.5 * (size >= 5) + 0.4 * (size >= 9)
    score += 0.4 * bool(_CLOCK.search(statement.text)) - 0.9 * (size <= 2) - 0.2 * (size == 3)
    score -= (
        1.0 * bool(_FEELING.search(statement.text))
        - 0.6 * bool(_WHEN_OR_TIMES.search(statement.text))
        + 0.9 * bool(_ABOUT_WORDS.search(statement.text))
    )
    if Cue.SOCIAL in statement.cues:
        score -= 2.2 if len(statement.cues) <= 2 else 0.4
    return score


def weigh(statements: Sequence[Statement], published: frozenset[int] = frozenset()) -> dict[int, float]:
    """The weight of each statement by entry id; under MENTION it is chatter. Later, discussed and marked ones weigh "
    "more."""
    threads = Counter(one.entry.thread_of for one in statements if one.entry.thread_of is not None)
    spread = Counter(token for one in statements for token in one.tokens)
    common = {token for token, count in spread.items() if count >= max(2, len(statements) // 40)}
    weights: dict[int, float] = {}
    for index, one in enumerate(statements):
        score = _substance(one)
        score += min(0.8, 0.15 * len(one.tokens & common))
        score += 0.4 * (weights.get(one.entry.thread_of or -1, 0.0) >= 2)
        score += min(0.6, sum(one.entry.reactions.values()) / 6) + min(0.3, threads[one.id] / 8)
        score += 0.5 * index / max(1, len(statements))
        if one.ack or Cue.HOSTILE in one.cues:
            score = 0.0
        if not one.entry.from_channel and not one.marked:
            score = min(max(score, MENTION), 2.0)
        if _OPENING.search(one.text) and Cue.ROLES in one.cues:
            score = max(score, MENTION)
        score += 2.0 * (one.id in published)
        weights[one.id] = score + _MARKS[one.entry.mark]
    return weights
