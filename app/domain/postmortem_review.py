"""The review of a postmortem: whose it is, who reads it, what they say to each part, and when it is completed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, text_enum
from app.domain.postmortem import Part

WITHIN_BUSINESS_DAYS = 5
_NOTICE_BUSINESS_DAYS = 2
_SATURDAY = 5
_REMINDED_AT = time(9, 0)


class Answer(StrEnum):
    """What a reviewer has said of the postmortem so far."""

    WAITING = "waiting"
    REVIEWED = "reviewed"
    CHANGES = "changes"


class PostmortemDuty(SQLModel, table=True):
    """Whose task the postmortem of an incident is, and when it is due; one per incident.

    `owner` None: the commander's, or the declarer's while there is none. `reason`: why it was completed although
    reviewers had not agreed, empty where they had. `plan` counts how often its reminders were planned anew.
    """

    __tablename__ = "postmortem_duty"

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", unique=True)
    owner: str | None = Field(default=None, max_length=32)
    due_at: datetime = Field(sa_type=UTCDateTime)
    completed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    completed_by: str | None = Field(default=None, max_length=32)
    reason: str = Field(default="", sa_type=Text)
    plan: int = 0


class PostmortemReviewer(SQLModel, table=True):
    """Somebody who was asked to read the postmortem; `version` is the one that they answered for."""

    __tablename__ = "postmortem_reviewer"
    __table_args__ = (Index("ux_postmortem_reviewer", "incident_id", "user", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    user: str = Field(max_length=32)
    asked_by: str = Field(max_length=32)
    asked_at: datetime = Field(sa_type=UTCDateTime)
    answer: Answer = Field(default=Answer.WAITING, sa_type=text_enum(Answer))
    comment: str = Field(default="", sa_type=Text)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    version: int | None = None


class PostmortemComment(SQLModel, table=True):
    """A remark about one part, as of a version; `resolved_at` None while it is open."""

    __tablename__ = "postmortem_comment"

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    part: Part = Field(sa_type=text_enum(Part))
    text: str = Field(sa_type=Text)
    by: str = Field(max_length=32)
    at: datetime = Field(sa_type=UTCDateTime)
    version: int
    resolved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    resolved_by: str | None = Field(default=None, max_length=32)


def business_days_after(day: date, count: int) -> date:
    """The date `count` business days after `day`; Saturdays and Sundays don't count, holidays are not known."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def due_after(ended_at: datetime) -> datetime:
    """When the postmortem of an incident that ended then is due: five business days later, at the end of the day."""
    day = business_days_after(ended_at.astimezone(UTC).date(), WITHIN_BUSINESS_DAYS)
    return datetime.combine(day, time(17, 0), UTC)


def next_reminder(due_at: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """When its owner is reminded next, at nine in `zone`: two business days before, that day, then every five."""
    due_on = due_at.astimezone(UTC).date()
    day = due_on
    for _ in range(_NOTICE_BUSINESS_DAYS):
        day = _business_day_before(day)
    while True:
        at = datetime.combine(day, _REMINDED_AT, zone).astimezone(UTC)
        if at > now:
            return at
        day = due_on if day < due_on else business_days_after(day, WITHIN_BUSINESS_DAYS)


def _business_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day -= timedelta(days=1)
    return day
