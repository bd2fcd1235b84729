"""The promise of a next update: when it is due, and the reminders that stand for it.

Every function works inside the caller's transaction, on an incident locked by it. A promise has a number; snoozing and
re-timing move it, publishing makes the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.domain.columns import instant
from app.domain.incident import Incident, Severity
from app.domain.job import Job, Urgency
from app.domain.reminder import (
    DEFAULT_CADENCE,
    Reminder,
    ReminderKind,
    ReminderState,
    grace_after,
    notice_before,
    retimed,
)
from app.ports.store import UnitOfWork
from app.services.access import id_of

FIRE = "reminder.fire"
CLEAR = "nudge.clear"


def cadence(settings_cadence: Mapping[Severity, int], severity: Severity) -> int:
    """Minutes between updates at that severity: the operator's, else the default."""
    return settings_cadence.get(severity, DEFAULT_CADENCE[severity])


async def set_first(uow: UnitOfWork, incident: Incident, now: datetime, cadence_minutes: int) -> None:
    """Make a promise for one cadence from now: on declaring and on reopening."""
    await set_next(uow, incident, now + timedelta(minutes=cadence_minutes), now, cadence_minutes)


async def set_next(uow: UnitOfWork, incident: Incident, at: datetime, now: datetime, cadence_minutes: int) -> None:
    """Make a new promise for `at`; the reminders of earlier ones end here."""
    if incident.promise:
        await _silence(uow, incident, now)
    incident.promise += 1
    incident.promised_at = now
    await _set(uow, incident, at, now, cadence_minutes)


async def retime(uow: UnitOfWork, incident: Incident, now: datetime, cadence_minutes: int) -> None:
    """Move the promise to what the new cadence asks for; nothing happens when none stands."""
    if incident.promised_at is None or incident.next_update_at is None:
        return
    await _move(uow, incident, retimed(incident.promised_at, cadence_minutes, now), now, cadence_minutes)


async def snooze(
    uow: UnitOfWork, incident: Incident, reminder: Reminder, minutes: int, now: datetime, cadence_minutes: int
) -> None:
    """Move this promise alone by `minutes`, from its due time or from now, whichever is later."""
    due_at = incident.next_update_at or now
    reminder.state = ReminderState.SNOOZED
    await _move(uow, incident, max(due_at, now) + timedelta(minutes=minutes), now, cadence_minutes)


async def dismiss(uow: UnitOfWork, incident: Incident, reminder: Reminder, now: datetime) -> None:
    """End the reminders of this promise; the promise itself stands."""
    reminder.state = ReminderState.DISMISSED
    await _silence(uow, incident, now)


async def cancel(uow: UnitOfWork, incident: Incident, now: datetime | None = None) -> None:
    """End the promise with its reminders: the incident is resolved, closed or declined."""
    await _silence(uow, incident, now or incident.promised_at or incident.declared_at)
    incident.next_update_at = None
    incident.promised_at = None


async def add_reminders(uow: UnitOfWork, incident: Incident, due: Mapping[ReminderKind, datetime]) -> None:
    """Reminders of the standing promise, each together with the job that fires it."""
    reminders = [
        Reminder(team=incident.team, incident_id=id_of(incident), promise=incident.promise, kind=kind, due_at=due_at)
        for kind, due_at in due.items()
    ]
    await uow.add_all(reminders)
    await uow.jobs.add_all([_firing(incident, reminder) for reminder in reminders])


def _firing(incident: Incident, reminder: Reminder) -> Job:
    return Job(
        team=incident.team,
        incident_id=incident.id,
        kind=FIRE,
        key=f"reminder:{reminder.id}",
        lock=nudge_lock(id_of(incident)),
        payload={"reminder_id": reminder.id, "owed_at": instant(reminder.due_at)},
        due_at=reminder.due_at,
    )


async def clear_message(uow: UnitOfWork, incident: Incident, at: tuple[str, str], now: datetime) -> None:
    """Owe the deletion of a nudge's message; `at` is its channel and ts."""
    channel, ts = at
    await _owe_clearing(uow, incident, f"{channel}:{ts}", {"channel": channel, "ts": ts}, now)


def nudge_lock(incident_id: int) -> str:
    """The lock that keeps nudges of one incident from running side by side."""
    return f"nudge:{incident_id}"


async def _move(uow: UnitOfWork, incident: Incident, at: datetime, now: datetime, cadence_minutes: int) -> None:
    await _silence(uow, incident, now)
    await _set(uow, incident, at, now, cadence_minutes)


async def _set(uow: UnitOfWork, incident: Incident, at: datetime, now: datetime, cadence_minutes: int) -> None:
    incident.next_update_at = at
    away_minutes = int((at - now).total_seconds() // 60)
    before_at = at - notice_before(min(cadence_minutes, away_minutes))
    due = {ReminderKind.UPDATE_BEFORE: before_at} if now < before_at < at else {}
    due |= {ReminderKind.UPDATE_DUE: at, ReminderKind.UPDATE_LATE: at + grace_after(cadence_minutes)}
    await add_reminders(uow, incident, due)


async def _silence(uow: UnitOfWork, incident: Incident, now: datetime) -> None:
    for reminder in await uow.reminders.all(id_of(incident)):
        if reminder.state is ReminderState.PENDING:
            reminder.state = ReminderState.CANCELLED
            await uow.jobs.cancel(incident.team, f"reminder:{reminder.id}")
            await _clear_if_posted(uow, incident, reminder, now)
        if reminder.channel_id and reminder.ts:
            await clear_message(uow, incident, (reminder.channel_id, reminder.ts), now)
            reminder.channel_id = reminder.ts = None


async def _clear_if_posted(uow: UnitOfWork, incident: Incident, reminder: Reminder, now: datetime) -> None:
    """A channel nudge whose answer was lost may stand there although it never counted as sent: have it looked for."""
    if reminder.kind is ReminderKind.UPDATE_DUE and reminder.due_at <= now and incident.channel_id is not None:
        key = f"reminder:{reminder.id}"
        await _owe_clearing(uow, incident, key, {"channel": incident.channel_id, "find": key}, now)


async def _owe_clearing(
    uow: UnitOfWork, incident: Incident, about: str, payload: dict[str, Any], now: datetime
) -> None:
    await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=CLEAR,
            key=f"{CLEAR}:{about}",
            lock=nudge_lock(id_of(incident)),
            urgency=Urgency.LATER,
            payload=payload,
            due_at=now,
        )
    )
