"""The inbox: every Slack event that was acknowledged, once, and whether it has been applied."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type


class InboxEvent(SQLModel, table=True):
    """One Slack event as received.

    Unique by `event_id` and by `fingerprint` (team, channel, type, event time), since Slack can send one message under
    several ids. `applied_at` is None while it still has to be applied; `error` then tells why.
    """

    __tablename__ = "inbox_event"
    __table_args__ = (
        Index("ux_inbox_event_id", "team", "event_id", unique=True),
        Index("ux_inbox_event_fingerprint", "fingerprint", unique=True),
        Index("ix_inbox_event_received", "received_at"),
        Index(
            "ix_inbox_event_unapplied",
            "id",
            sqlite_where=text("applied_at IS NULL"),
            postgresql_where=text("applied_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    event_id: str = Field(max_length=64)
    fingerprint: str = Field(max_length=200)
    body: dict[str, Any] = Field(sa_type=json_type())
    received_at: datetime = Field(sa_type=UTCDateTime)
    applied_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    error: str = Field(default="", sa_type=Text)
