"""What the rules for its audience say against a text, kept with the update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.incident import Incident
from app.domain.status_update import Audience, Section
from app.domain.timeline import TimelineEntry
from app.drafting.audiences.audiences import SHAPES
from app.drafting.audiences.breaches import breaches
from app.drafting.audiences.insiders import insiders
from app.ports.drafter import Sentence
from app.ports.store import UnitOfWork
from app.services.room.people import names_of

PROBLEMS_MAX = 20


async def problems_of(
    uow: UnitOfWork,
    incident: Incident,
    entries: Sequence[TimelineEntry],
    text: tuple[Audience, Mapping[str, Sequence[Mapping[str, Any]]]],
) -> list[dict[str, Any]]:
    """The hard problems first, then the others: [{rule, line, found, why, hard}]; `text`: audience, sections."""
    audience, sections = text
    if not SHAPES[audience].rules:
        return []
    bots = {entry.author for entry in entries if entry.author_is_bot}
    names = await names_of(uow, incident.team, {entry.author for entry in entries})
    inside = insiders(
        incident,
        [names.get(user, user) for user in {entry.author for entry in entries} - bots],
        [names.get(user, user) for user in bots],
    )
    parts = {Section(part): [_sentence(line) for line in lines] for part, lines in sections.items()}
    found = sorted(breaches(audience, parts, inside), key=lambda one: not one.hard)[:PROBLEMS_MAX]
    return [
        {"rule": one.rule.value, "line": one.line, "found": one.found, "why": one.why, "hard": one.hard}
        for one in found
    ]


def _sentence(line: Mapping[str, Any]) -> Sentence:
    return Sentence(line["text"], tuple(line["citations"]), bool(line.get("by_hand")))
