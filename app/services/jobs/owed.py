"""What is owed to the chat about an incident: jobs, written in the transaction that causes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.columns import instant
from app.domain.incident import Incident, Kind
from app.domain.job import Job, Urgency
from app.ports.store import UnitOfWork


class Effect(StrEnum):
    """The kinds of jobs around an incident's room, roles and status."""

    ROOM_CREATE = "room.create"
    ROOM_INVITE = "room.invite"
    ROOM_TOPIC = "room.topic"
    ROOM_PURPOSE = "room.purpose"
    ROOM_BOOKMARK = "room.bookmark"
    OPENING_SHOW = "opening.show"
    DECLARATION_FAILED = "declaration.failed"
    CARD_POST = "card.post"
    CARD_REFRESH = "card.refresh"
    CARD_PIN = "card.pin"
    ANNOUNCEMENT_POST = "announcement.post"
    ANNOUNCEMENT_REFRESH = "announcement.refresh"
    ROLE_CHECKLIST = "role.checklist"
    STATUS_TELL = "status.tell"
    PROBLEM_TELL = "tell.problem"


_URGENCY: Mapping[Effect, Urgency] = {
    Effect.ROOM_CREATE: Urgency.NOW,
    Effect.ROOM_INVITE: Urgency.NOW,
    Effect.OPENING_SHOW: Urgency.NOW,
    Effect.DECLARATION_FAILED: Urgency.NOW,
    Effect.CARD_POST: Urgency.NOW,
    Effect.ROOM_TOPIC: Urgency.LATER,
    Effect.ROOM_PURPOSE: Urgency.LATER,
    Effect.ROOM_BOOKMARK: Urgency.LATER,
    Effect.CARD_PIN: Urgency.LATER,
}
# One message, one topic: two jobs that write the same thing never run side by side. Posting the card has no lock, so
# that any engine lets the process begin it at once; it sees by itself what has changed meanwhile.
_LOCKS: Mapping[Effect, str] = {
    Effect.CARD_REFRESH: "card",
    Effect.ANNOUNCEMENT_POST: "announcement",
    Effect.ANNOUNCEMENT_REFRESH: "announcement",
    Effect.ROOM_TOPIC: "topic",
    Effect.STATUS_TELL: "status",
}

# Slack lets so few pages be read in a minute that more readers at once would only push each other out of line, and keep
# what responders wait for from finding its message.
_READERS = 3


def announced(incident: Incident) -> bool:
    """True for incidents that are announced outside their own channel: neither restricted nor imported."""
    return not incident.restricted and incident.kind is not Kind.IMPORTED


async def owe(
    uow: UnitOfWork,
    incident: Incident,
    effect: Effect,
    now: datetime,
    *,
    about: str = "",
    payload: Mapping[str, Any] | None = None,
) -> bool:
    """Owe the effect once: asking again while it is pending changes nothing and returns False."""
    return await uow.jobs.add(owed(incident, effect, now, about=about, payload=payload))


def owed(
    incident: Incident,
    effect: Effect,
    now: datetime,
    *,
    about: str = "",
    payload: Mapping[str, Any] | None = None,
) -> Job:
    """The job of an effect: `about` tells two of one kind apart.

    The payload gets `owed_at`, from when on its message may be found.
    """
    lock = _LOCKS.get(effect)
    return Job(
        team=incident.team,
        incident_id=incident.id,
        kind=effect,
        key=":".join(part for part in (incident.key, effect, about) if part),
        lock=f"{incident.key}:{lock}" if lock else None,
        urgency=_URGENCY.get(effect, Urgency.SOON),
        payload={**(payload or {}), "owed_at": instant(now)},
        due_at=now,
    )


async def owe_refresh(uow: UnitOfWork, incident: Incident, now: datetime, *, topic: bool = False) -> None:
    """Owe that the card and the announcement (and the topic) show the incident as it then is."""
    await owe(uow, incident, Effect.CARD_REFRESH, now)
    if announced(incident):
        await owe(uow, incident, Effect.ANNOUNCEMENT_REFRESH, now)
    if topic:
        await owe(uow, incident, Effect.ROOM_TOPIC, now)


def backfill_lock(incident: Incident) -> str:
    """The lock that keeps all but a few channels of a workspace from being read at once."""
    return f"backfill:{incident.number % _READERS}"
