"""A follow-up: a corrective or preventive action with an owner and a due date, and when somebody is reminded of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Date, Index, Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, text_enum

TITLE_MAX = 300
_REMINDED_AT = time(9, 0)
_NOTICE_DAYS = 2
_WEEK = timedelta(days=7)


class FollowUpState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Layer(StrEnum):
    """The line of defence that the action strengthens."""

    DATA = "data"
    MODEL = "model"
    PROMPT = "prompt"
    GUARDRAIL = "guardrail"
    TOOLS = "tools"
    OVERSIGHT = "oversight"
    MONITORING = "monitoring"
    PROCESS = "process"


class Moment(StrEnum):
    """Why somebody is told of a follow-up."""

    GIVEN = "given"
    BEFORE = "before"
    DUE = "due"
    OVERDUE = "overdue"
    UNDATED = "undated"


class FollowUp(SQLModel, table=True):
    """One follow-up of an incident; `number` counts per incident.

    `title` is plain text. `owner` and `due_on` are None while nobody has it and no date is set. `source` names what it
    came from (`postmortem:2`, `playbook:freeze-evidence`), empty for none. `done_at` is when it was done or dropped,
    `reason` why it was dropped. `plan` counts how often its reminders were planned anew. `lead_told_at`: when whoever
    leads was told that it is overdue. `channel_id` and `ts` say where the last word about it stands, None for nowhere.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("ux_follow_up_number", "incident_id", "number", unique=True),
        Index("ix_follow_up_owner", "team", "owner", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    number: int
    title: str = Field(max_length=TITLE_MAX)
    owner: str | None = Field(default=None, max_length=32)
    due_on: date | None = Field(default=None, sa_type=Date)
    layer: Layer | None = Field(default=None, sa_type=text_enum(Layer))
    source: str = Field(default="", max_length=80)
    state: FollowUpState = Field(default=FollowUpState.OPEN, sa_type=text_enum(FollowUpState))
    reason: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(sa_type=UTCDateTime)
    created_by: str = Field(max_length=32)
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    done_by: str | None = Field(default=None, max_length=32)
    plan: int = 0
    lead_told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    channel_id: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)

    @property
    def open(self) -> bool:
        return self.state is FollowUpState.OPEN


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that IANA name; UTC for an empty or unknown one."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def next_reminder(due_on: date | None, created_at: datetime, now: datetime, zone: ZoneInfo) -> tuple[Moment, datetime]:
    """When its owner is reminded next, after `now`, at nine in the morning in `zone`, and why.

    Two days before the due date, on it, the day after, then weekly; without a date weekly from a week after it was
    made.
    """
    if due_on is None:
        first = created_at.astimezone(zone).date() + _WEEK
        return Moment.UNDATED, _weekly(first, now, zone)
    for moment, on in ((Moment.BEFORE, due_on - timedelta(days=_NOTICE_DAYS)), (Moment.DUE, due_on)):
        if (at := _morning(on, zone)) > now:
            return moment, at
    return Moment.OVERDUE, _weekly(due_on + timedelta(days=1), now, zone)


def too_late(due_on: date, now: datetime) -> bool:
    """True when that date is over everywhere on earth."""
    return due_on < (now.astimezone(UTC) - timedelta(hours=12)).date()


def _weekly(first: date, now: datetime, zone: ZoneInfo) -> datetime:
    weeks = max(0, (now.astimezone(zone).date() - first).days // 7)
    at = _morning(first + weeks * _WEEK, zone)
    return at if at > now else _morning(first + (weeks + 1) * _WEEK, zone)


def _morning(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, _REMINDED_AT, zone).astimezone(UTC)
