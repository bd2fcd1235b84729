"""Acts of people put on the record: an entry on the timeline and a row in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.audit import AuditRecord
from app.domain.incident import Incident
from app.domain.timeline import Mark, Origin, TimelineEntry
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.actor import Actor


async def keep_entry(
    uow: UnitOfWork, incident: Incident, actor: Actor, now: datetime, text: str, mark: Mark = Mark.NOTE
) -> TimelineEntry:
    """An entry for what a person did through the bot."""
    entry = TimelineEntry(
        team=incident.team,
        incident_id=id_of(incident),
        at=now,
        author=actor.user,
        origin=Origin.PERSON,
        mark=mark,
        marked_by=actor.user if mark is not Mark.NOTE else None,
        text=text,
        channel_id=incident.channel_id,
    )
    await uow.add(entry)
    return entry


async def keep_audit(
    uow: UnitOfWork,
    incident: Incident,
    actor: Actor,
    now: datetime,
    act: tuple[str, str],
    detail: Mapping[str, Any] | None = None,
) -> None:
    """A row of the audit trail; `act` is the action and its object, such as ("update.approved", "update:3")."""
    action, about = act
    await uow.add(
        AuditRecord(
            team=incident.team,
            incident_id=incident.id,
            at=now,
            by=actor.user,
            action=action,
            object=about,
            detail=dict(detail or {}),
        )
    )


async def keep_act(
    uow: UnitOfWork, incident: Incident, actor: Actor, now: datetime, act: tuple[str, str], text: str
) -> TimelineEntry:
    """Both for one act: the entry says it in words, the audit row names it."""
    await keep_audit(uow, incident, actor, now, act)
    return await keep_entry(uow, incident, actor, now, text)


def short_time(at: datetime) -> str:
    """A time of day as people read it in the record: `14:05 UTC`."""
    return f"{at.astimezone(UTC):%H:%M} UTC"
