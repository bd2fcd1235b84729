"""What is kept of an incident's notification duties: answers, start events, decisions, deadlines and what was sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type, text_enum
from app.domain.notification_clock import Level
from app.domain.regime import Confidence, Event


class Decision(StrEnum):
    APPLIES = "applies"
    DOES_NOT_APPLY = "does_not_apply"


class PhaseState(StrEnum):
    TICKING = "ticking"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class ClockAnswers(SQLModel, table=True):
    """The answers to the plain questions as somebody gave them; the newest row counts. `answers`: fact to answer."""

    __tablename__ = "clock_answers"

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    answers: dict[str, str] = Field(default_factory=dict, sa_type=json_type())
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(max_length=32)


class ClockStart(SQLModel, table=True):
    """When an event happened that clocks count from, as stamped by a person; of several for one event the newest."""

    __tablename__ = "clock_start"

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    event: Event = Field(sa_type=text_enum(Event))
    at: datetime = Field(sa_type=UTCDateTime)
    stamped_at: datetime = Field(sa_type=UTCDateTime)
    stamped_by: str = Field(max_length=32)


class NotificationClock(SQLModel, table=True):
    """What legal decided about one regime, and why; a later decision takes the place of the earlier one.

    Name, article, source and confidence are those that the decision was made on.
    """

    __tablename__ = "notification_clock"
    __table_args__ = (Index("ux_notification_clock_regime", "incident_id", "regime", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    regime: str = Field(max_length=60)
    name: str = Field(sa_type=Text)
    article: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    confidence: Confidence = Field(sa_type=text_enum(Confidence))
    decision: Decision = Field(sa_type=text_enum(Decision))
    reason: str = Field(sa_type=Text)
    decided_at: datetime = Field(sa_type=UTCDateTime)
    decided_by: str = Field(max_length=32)


class ClockPhase(SQLModel, table=True):
    """One submission that is due or was made: the `number`th of its phase.

    `title` names regime and phase in words. `due_at`, `started_at` and `counted_from` are None for what was sent
    without ever having had a deadline. `told` is the last reminder, `answered` the last one that somebody took up.
    `what`: what was sent, in the words of who recorded it.
    """

    __tablename__ = "clock_phase"
    __table_args__ = (Index("ux_clock_phase", "incident_id", "regime", "phase", "number", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    regime: str = Field(max_length=60)
    phase: str = Field(max_length=60)
    number: int
    title: str = Field(sa_type=Text)
    state: PhaseState = Field(default=PhaseState.TICKING, sa_type=text_enum(PhaseState))
    counted_from: str | None = Field(default=None, max_length=60)
    started_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    told: Level | None = Field(default=None, sa_type=text_enum(Level))
    answered: Level | None = Field(default=None, sa_type=text_enum(Level))
    what: str = Field(default="", sa_type=Text)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    sent_by: str | None = Field(default=None, max_length=32)
    recorded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ClockMessage(SQLModel, table=True):
    """Where the one reminder of clocks that a person has of an incident stands, and which phase it is about."""

    __tablename__ = "clock_message"

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    phase_id: int
    user: str = Field(max_length=32)
    channel_id: str = Field(max_length=32)
    ts: str = Field(max_length=32)


def next_due(phases: list[ClockPhase]) -> ClockPhase | None:
    """The ticking phase that is due first, None when nothing is."""
    return next(iter(in_order(phases)), None)


def in_order(phases: list[ClockPhase]) -> list[ClockPhase]:
    """The ticking phases, the one that is due first before the others."""
    ticking = [(one.due_at, one.id or 0, one) for one in phases if one.state is PhaseState.TICKING and one.due_at]
    return [one for _, _, one in sorted(ticking, key=lambda each: each[:2])]
