"""What a person did through the product, on the timeline and in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.audit import AuditRecord
from app.domain.incident import Incident
from app.domain.timeline import Mark, Origin, TimelineEntry
from app.ports.store import UnitOfWork
from app.services.access import id_of


@dataclass(frozen=True)
class Act:
    """One act: `action` and `object` as the audit trail names them, `text` as the timeline tells it."""

    action: str
    object: str
    text: str
    mark: Mark = Mark.NOTE
    detail: Mapping[str, Any] = field(default_factory=dict)


async def record_act(uow: UnitOfWork, incident: Incident, by: str, act: Act, now: datetime) -> TimelineEntry:
    """Write the act down on both, and return its timeline entry."""
    entry = TimelineEntry(
        team=incident.team,
        incident_id=id_of(incident),
        at=now,
        author=by,
        origin=Origin.PERSON,
        mark=act.mark,
        text=act.text,
    )
    await uow.add(entry)
    await uow.add(
        AuditRecord(
            team=incident.team,
            incident_id=incident.id,
            at=now,
            by=by,
            action=act.action,
            object=act.object,
            detail=dict(act.detail),
        )
    )
    return entry
