"""Times and spans of an incident as sentences: first sign, declaration, first measure, end."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from app.drafting.reading.cues import Cue
from app.drafting.reading.situation import Situation
from app.drafting.reading.statements import Statement
from app.drafting.telling import phrasing
from app.ports.drafter import Sentence

_DECLARES = re.compile(
    r"\b(?:incident|sev ?-?[1-4]|severity)\b|\b(?:i'?m|i am|im|i take|taking) (?:the )?(?:ic|incident commander|"
    r"command)\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\b(?:off|disabled|stopped|revoked|blocked|paused|reverted|rolled back|rollback|pushed|limit is|limited|set to|"
    r"isolated|quarantined|pinned|"
    r"switched on|switched off|restored|purged|rotated|starting|taken down|frozen)\b",
    re.IGNORECASE,
)


def moment(at: datetime) -> str:
    """`at` as `24 Apr 17:00 UTC`."""
    return f"{at.day} {at:%b %H:%M} UTC"


def span(length: timedelta) -> str:
    """`length` in its two largest units, such as `2 h 10 min`; `less than a minute` under one."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    shown = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(shown[:2])


def first_sign(situation: Situation) -> Statement | None:
    """The earliest statement that tells of something wrong."""
    told = [
        one
        for one in situation.statements
        if one.says and situation.matters(one) and one.cues & {Cue.DETECTION, Cue.IMPACT} and not one.speaking_system
    ]
    return told[0] if told else None


def declaration(situation: Situation) -> Statement | None:
    """The statement by which somebody opened the incident in the channel; None when it was declared elsewhere."""
    return next(
        (
            one
            for one in situation.statements
            if not one.entry.author_is_bot and Cue.ROLES in one.cues and _DECLARES.search(one.entry.text)
        ),
        None,
    )


def first_measure(situation: Situation, after: datetime) -> Statement | None:
    """The first measure that was in effect, from `after` on."""
    return next((one for one in situation.statements if one.entry.at >= after and _is_measure(situation, one)), None)


def _is_measure(situation: Situation, one: Statement) -> bool:
    replaced = situation.corrections.of(one)
    if not one.says or one.speaking_system or situation.in_review(one) or (replaced and not replaced.reading):
        return False
    doubtful = {Cue.HEDGE, Cue.QUESTION, Cue.DETECTION, Cue.UNKNOWN}
    return (
        Cue.ACTION in one.cues
        and not one.cues & doubtful
        and situation.matters(one)
        and bool(_MEASURE.search(one.text))
    )


def _short(one: Statement, words: int = 16) -> str:
    return phrasing.clipped(phrasing.sentence(one.says[:2]), words)


def detection_sentences(situation: Situation) -> list[Sentence]:
    """How the incident came to be known and how long it took."""
    sign = first_sign(situation)
    if sign is None:
        return []
    source = "an automatic alert" if sign.entry.author_is_bot else "a person"
    said = [
        Sentence(
            f"The first sign in the record came from {source} on {moment(sign.entry.at)}: {_short(sign)}.", (sign.id,)
        )
    ]
    opened = declaration(situation)
    if opened is not None and opened.entry.at >= sign.entry.at:
        took = span(opened.entry.at - sign.entry.at)
        said.append(
            Sentence(
                f"The incident was opened on {moment(opened.entry.at)}, {took} after the first sign.",
                (sign.id, opened.id),
            )
        )
    elif situation.evidence.incident.declared_at > sign.entry.at:
        declared = situation.evidence.incident.declared_at
        took = span(declared - sign.entry.at)
        said.append(
            Sentence(f"The incident was declared on {moment(declared)}, {took} after the first sign.", (sign.id,))
        )
    return said


def response_sentences(situation: Situation) -> list[Sentence]:
    """How long the first measure took from the opening of the incident."""
    opened = declaration(situation) or first_sign(situation)
    if opened is None:
        return []
    measure = first_measure(situation, opened.entry.at)
    if measure is None or measure.id == opened.id:
        return []
    took = span(measure.entry.at - opened.entry.at)
    since = "the incident was opened" if opened is declaration(situation) else "the first sign"
    return [
        Sentence(f"The first measure was recorded {took} after {since}: {_short(measure)}.", (opened.id, measure.id))
    ]
