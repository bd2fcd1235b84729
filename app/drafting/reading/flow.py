"""How messages hang together: one breath over several messages, words to one person, the opening of an incident."""

from __future__ import annotations

import re
from datetime import timedelta

from app.drafting.reading.cues import Cue, has
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content
from app.drafting.telling import phrasing

_BREATH = timedelta(minutes=10)
_JUDGES = re.compile(
    r"^(?:lol |well,? |but |hm+ |no,? )?(?:that|this|the)(?:'?s| is)? (?:(?:report|alert|monitor|number|metric|"
    r"figure|check|run|dashboard|score|result)\b|still from|"
    r"from before|old\b|stale\b)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"^(?:and|plus|also|\+|as well as|with)\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"^(?:[\w-]+ ){1,5}(?:now )?(?:please|pls)$|^(?:\w+[,:]? )?(?:please|pls|can you|could you)\b|^(?:mark|write|"
    r"call|phrase) (?:it|that|this)\b|^thanks?\b|"
    r"^who can\b",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"^(?:so )?(?:i(?:'?m| am| take| have| got|'ll)|im)(?: the| be| your)? ?(?:ic|incident commander|commander|"
    r"commanding|coordinat\w*|command|the lead)\b.*$"
    r"|^(?:and )?(?:i )?coordinate\b.*$|^roles?:.*$|^(?:\w+ (?:please )?(?:take|on) [\w ]+)$|"
    r"^looking for an owner.*$|^(?:ok )?(?:this is |that'?s |thats )?(?:an )?incident(?: now)?$|^sev ?-?\d$|^mine$",
    re.IGNORECASE,
)


_WHEN = re.compile(r"^(?:during|before|after|since) (?!\w+ing\b)[\w ]{3,30}$", re.IGNORECASE)
_HEADING = re.compile(
    r"^(?:(?:the |short |quick )?(?:review|retro(?:spective)?|post-?mortem|wrap[- ]?up|actions?|action items|notes|"
    r"summary|"
    r"thoughts?|correction|update[ds]?)(?: notes?| in short| time| now)?)[:.]?$",
    re.IGNORECASE,
)


def continues(before: Statement, one: Statement) -> bool:
    """True when `one` goes on with what its author said in `before`, nobody in between."""
    if one.entry.author != before.entry.author or one.position != before.position + 1:
        return False
    if one.entry.at - before.entry.at > _BREATH or one.entry.thread_of != before.entry.thread_of:
        return False
    return (one.speaking_system and not one.ack) or bool(one.says and _GOES_ON.match(one.says[0]))


def comments_on(before: Statement, one: Statement) -> bool:
    """True when `one` judges the report just before it ("that report only looks at gender")."""
    near = one.position == before.position + 1 and one.entry.at - before.entry.at <= 2 * _BREATH
    return near and bool(one.says) and _JUDGES.match(one.says[0]) is not None


def is_address(part: str) -> bool:
    """True for words to one person that tell a reader nothing."""
    return _ADDRESS.match(part) is not None


def _only_doubts(part: str) -> bool:
    return has(Cue.HEDGE, part) and len(content(part)) <= 2


def _without_roles(part: str, one: Statement) -> str:
    """`part` without who takes command and who was given what."""
    given = one.entry.text.count("<@") >= 2
    units = re.sub(r"\broles?:.*$", "", part, flags=re.IGNORECASE).split(", ")
    return ", ".join(
        unit
        for unit in units
        if unit.strip() and not _COMMAND.match(unit.strip()) and not (given and len(unit.split()) <= 3)
    )


def told_parts(one: Statement) -> list[str]:
    """The clauses of `one` for a reader: without words to one person, without who takes command."""
    parts = [part for part in phrasing.answer_text(one.says) if not is_address(part)]
    if len(parts) == 1 and _WHEN.match(parts[0]):
        return [f"This was {parts[0]}"]
    if len(parts) > 1:
        parts = [part for part in parts if not _HEADING.match(part) and not _only_doubts(part)] or parts
    if Cue.ROLES in one.cues:
        kept = [_without_roles(part, one) for part in parts]
        parts = [part for part in kept if part] or ["An incident was declared"]
    return parts or phrasing.answer_text(one.says)
