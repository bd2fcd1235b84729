"""The timeline: what happened, when, in whose words, with every earlier wording kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from app.domain.cascade import Layer
from app.domain.columns import UTCDateTime, json_type, text_enum


class Mark(StrEnum):
    NOTE = "note"
    OBSERVATION = "observation"
    HYPOTHESIS = "hypothesis"
    RULED_OUT = "ruled_out"
    DECISION = "decision"
    ACTION = "action"
    IMPACT = "impact"
    UNKNOWN = "unknown"
    ANSWERED = "answered"
    EVIDENCE = "evidence"
    MILESTONE = "milestone"


class Origin(StrEnum):
    """Where an entry comes from: a channel message, a person acting through the bot, or the bot's own account."""

    MESSAGE = "message"
    PERSON = "person"
    BOT = "bot"


REACTION_MARKS: dict[str, Mark] = {
    "pushpin": Mark.MILESTONE,
    "eyes": Mark.OBSERVATION,
    "bulb": Mark.HYPOTHESIS,
    "x": Mark.RULED_OUT,
    "dart": Mark.DECISION,
    "hammer_and_wrench": Mark.ACTION,
    "question": Mark.UNKNOWN,
    "white_check_mark": Mark.ANSWERED,
    "paperclip": Mark.EVIDENCE,
}


class TimelineEntry(SQLModel, table=True):
    """One thing that happened.

    `at` is when it happened (message time for messages). `ts` and `thread_ts` are Slack's, None for what was not a
    message. `author` is a Slack user or bot ID. `files`: list of {name, mimetype, permalink}. `reactions`: mapping of
    reaction name to the list of users. A deleted message keeps its words and has `deleted_at`. `seen` is False for a
    placeholder whose words have not arrived yet (a deletion or reaction came first). `facts` is what a message's
    columns are worked out from (app.domain.message_facts); empty for one said and no more, and for what was no message.
    `layer`: where in the system it happened, None while nobody has said.
    """

    __tablename__ = "timeline_entry"
    __table_args__ = (
        Index("ux_timeline_entry_message", "incident_id", "ts", unique=True),
        Index("ix_timeline_entry_at", "incident_id", "at", "id"),
        Index("ix_timeline_entry_mark", "incident_id", "mark", "at"),
        Index(
            "ix_timeline_entry_layer",
            "incident_id",
            sqlite_where=text("layer IS NOT NULL"),
            postgresql_where=text("layer IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=UTCDateTime)
    author: str = Field(max_length=32)
    author_is_bot: bool = False
    origin: Origin = Field(default=Origin.MESSAGE, sa_type=text_enum(Origin))
    mark: Mark = Field(default=Mark.NOTE, sa_type=text_enum(Mark))
    marked_by: str | None = Field(default=None, max_length=32)
    text: str = Field(default="", sa_type=Text)
    permalink: str | None = Field(default=None, max_length=500)
    channel_id: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)
    thread_ts: str | None = Field(default=None, max_length=32)
    edited_ts: str | None = Field(default=None, max_length=32)
    deleted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    files: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    reactions: dict[str, list[str]] = Field(default_factory=dict, sa_type=json_type())
    seen: bool = True
    layer: Layer | None = Field(default=None, sa_type=text_enum(Layer))
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())


class EntryRevision(SQLModel, table=True):
    """An earlier wording of an entry: `text` stood until `at`, when it was replaced."""

    __tablename__ = "entry_revision"
    __table_args__ = (Index("ux_entry_revision", "entry_id", "at", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    entry_id: int = Field(foreign_key="timeline_entry.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=UTCDateTime)
    text: str = Field(sa_type=Text)


class Unknown(SQLModel, table=True):
    """Something nobody knows yet, numbered within its incident; open until `answered_at` is set."""

    __table_args__ = (
        Index("ux_unknown_number", "incident_id", "number", unique=True),
        Index("ix_unknown_entry", "entry_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    number: int
    text: str = Field(sa_type=Text)
    raised_at: datetime = Field(sa_type=UTCDateTime)
    raised_by: str = Field(max_length=32)
    entry_id: int = Field(foreign_key="timeline_entry.id", ondelete="CASCADE")
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answered_by: str | None = Field(default=None, max_length=32)
    answer_entry_id: int | None = Field(default=None, foreign_key="timeline_entry.id", ondelete="SET NULL")
