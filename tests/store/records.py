"""Records to store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.draft_record import Drafted, DraftRecord
from app.domain.inbox import InboxEvent
from app.domain.incident import Incident, Severity
from app.domain.job import Job
from app.domain.status_update import Audience
from app.domain.timeline import TimelineEntry
from app.ports.store import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)


async def declare(store: Store, team: str = "T1", **fields: Any) -> Incident:
    """A stored incident with the workspace's next number."""
    async with store.write() as uow:
        given: dict[str, Any] = {"severity": Severity.SEV2, "declared_at": NOW, "declared_by": "U1", "title": "A fault"}
        incident = Incident(team=team, number=await uow.incidents.next_number(team), **(given | fields))
        await uow.add(incident)
    return incident


def entry(incident: Incident, **fields: Any) -> TimelineEntry:
    assert incident.id is not None
    given: dict[str, Any] = {"at": NOW, "author": "U1", "text": "It fails"}
    return TimelineEntry(team=incident.team, incident_id=incident.id, **(given | fields))


def draft(incident: Incident) -> DraftRecord:
    """What a model drafted for responders, for 7 tokens."""
    assert incident.id is not None
    return DraftRecord(
        team=incident.team,
        incident_id=incident.id,
        what=Drafted.UPDATE,
        audience=Audience.RESPONDERS,
        sections={"what_happened": []},
        drafter={},
        tokens=7,
        drafted_at=NOW,
    )


def job(key: str = "card", **fields: Any) -> Job:
    given: dict[str, Any] = {"team": "T1", "kind": "card.refresh", "due_at": NOW}
    return Job(key=key, **(given | fields))


def event(number: int, **fields: Any) -> InboxEvent:
    given: dict[str, Any] = {"team": "T1", "event_id": f"Ev{number}", "fingerprint": f"T1:C1:message:{number}"}
    given |= {"received_at": NOW, "body": {"number": number}}
    return InboxEvent(**(given | fields))
