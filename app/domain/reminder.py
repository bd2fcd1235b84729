"""Reminders of the next update promise, and the times at which they fall due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, text_enum
from app.domain.incident import Severity

# Minutes between promised updates where the operator set nothing else.
DEFAULT_CADENCE: Mapping[Severity, int] = {
    Severity.SEV1: 30,
    Severity.SEV2: 60,
    Severity.SEV3: 240,
    Severity.SEV4: 1440,
}


class ReminderKind(StrEnum):
    UPDATE_BEFORE = "update_before"
    UPDATE_DUE = "update_due"
    UPDATE_LATE = "update_late"


class ReminderState(StrEnum):
    PENDING = "pending"
    FIRED = "fired"
    SNOOZED = "snoozed"
    DISMISSED = "dismissed"
    CANCELLED = "cancelled"


class Reminder(SQLModel, table=True):
    """One reminder of one promise: it fires once at `due_at` unless it was cancelled before.

    `promise` numbers the promises of an incident. `channel_id` and `ts` say where its message stands, None until sent.
    """

    __table_args__ = (Index("ix_reminder_incident_state", "incident_id", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    promise: int
    kind: ReminderKind = Field(sa_type=text_enum(ReminderKind))
    due_at: datetime = Field(sa_type=UTCDateTime)
    state: ReminderState = Field(default=ReminderState.PENDING, sa_type=text_enum(ReminderState))
    fired_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    channel_id: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)


def notice_before(cadence_minutes: int) -> timedelta:
    """How long before a promised update its writer is told: a third of the cadence, at most ten minutes."""
    return timedelta(minutes=min(10.0, cadence_minutes / 3))


def grace_after(cadence_minutes: int) -> timedelta:
    """How long after its due time a promised update counts as late: a sixth of the cadence, within 5 to 30 minutes."""
    return timedelta(minutes=max(5.0, min(30.0, cadence_minutes / 6)))


def retimed(promised_at: datetime, cadence_minutes: int, now: datetime) -> datetime:
    """When the update is due after the cadence changed: counted from the promise, at the soonest 5 minutes from now."""
    soonest = now + timedelta(minutes=min(5, cadence_minutes))
    return max(promised_at + timedelta(minutes=cadence_minutes), soonest)
