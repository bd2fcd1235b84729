"""A job: something the product owes the outside world, written in the same transaction as its cause."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type, text_enum


class JobState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"


class Urgency(StrEnum):
    """What responders wait for goes before decoration."""

    NOW = "0_now"
    SOON = "1_soon"
    LATER = "2_later"


class Job(SQLModel, table=True):
    """One owed effect: a call to Slack, a reminder, a retry.

    `key` names the effect; at most one pending job has it, so asking twice for a refresh owes one. Jobs with the same
    `lock` never run side by side. A runner claims a job with a fresh `token` and a lease; only the holder of the token
    may finish it. `attempts` counts claims: more than one means an earlier try may have reached Slack. `queued_id` is
    the entry of an engine's queue that will carry it out, or does so now; None while it is in no queue.
    """

    __table_args__ = (
        Index(
            "ux_job_pending_key",
            "team",
            "key",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_job_due", "state", "due_at"),
        Index("ix_job_incident", "incident_id", "state"),
        Index("ix_job_lock", "lock", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", ondelete="SET NULL")
    kind: str = Field(max_length=64)
    key: str = Field(max_length=200)
    lock: str | None = Field(default=None, max_length=200)
    urgency: Urgency = Field(default=Urgency.SOON, sa_type=text_enum(Urgency))
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())
    due_at: datetime = Field(sa_type=UTCDateTime)
    state: JobState = Field(default=JobState.PENDING, sa_type=text_enum(JobState))
    attempts: int = 0
    token: str | None = Field(default=None, max_length=32)
    queued_id: int | None = Field(default=None, sa_type=BigInteger)
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    error: str = Field(default="", sa_type=Text)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


MAX_ATTEMPTS = 6


def retry_delay(attempts: int, asked_seconds: float | None) -> timedelta:
    """The wait after the `attempts`th try failed: what Slack asked for, else 1, 4, 16 … seconds, at most 5 minutes."""
    return timedelta(seconds=asked_seconds if asked_seconds is not None else min(300, 4 ** (attempts - 1)))
