"""The versioned "What We Know" of an incident for one audience."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type, text_enum


class Audience(StrEnum):
    RESPONDERS = "responders"
    LEADERSHIP = "leadership"
    CUSTOMERS = "customers"
    REGULATOR = "regulator"


class UpdateStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Section(StrEnum):
    """The four cited parts; the fifth, the next update time, is a time and not text."""

    WHAT_HAPPENED = "what_happened"
    TESTING = "testing"
    DOING = "doing"
    UNKNOWNS = "unknowns"


SECTION_TITLES: dict[Section, str] = {
    Section.WHAT_HAPPENED: "What happened",
    Section.TESTING: "What we are testing",
    Section.DOING: "What we are doing",
    Section.UNKNOWNS: "What we don't know yet",
}


class StatusUpdate(SQLModel, table=True):
    """One version of a What We Know.

    `sections`: {section: [{text, citations: [entry id], by_hand: true when a person wrote it without a citation,
    by: the person who wrote or changed the line, absent where the drafter did}]}.
    `drafter`: {name, model, tokens, note}; `model` and `tokens` are None for the extractive drafter, `note` tells why
    a model's text was not used.
    `approvals`: [{role, by, at, standing_in: the role of somebody who isn't the one asked for, else None, why: the
    reason for approving in spite of a problem, else empty}]. `written_by`: whoever wrote or changed the text; empty
    when it is the drafter's own. `problems`: what the audience's rules say against the text, [{rule, line, why, hard}].
    `corrections`: how it differs from what was published before, [{kind, was, now, audience, version, citations}].
    `edited_from`: the version whose text was edited, None for a new draft. `sent_channel_id` and `sent_ts`: the copy in
    the audience's own channel, None without one.
    """

    __tablename__ = "status_update"
    __table_args__ = (Index("ux_status_update_version", "incident_id", "version", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    version: int
    audience: Audience = Field(default=Audience.RESPONDERS, sa_type=text_enum(Audience))
    status: UpdateStatus = Field(default=UpdateStatus.DRAFT, sa_type=text_enum(UpdateStatus))
    sections: dict[str, list[dict[str, Any]]] = Field(sa_type=json_type())
    next_update_minutes: int
    next_update_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    drafted_by: str = Field(max_length=32)
    drafted_at: datetime = Field(sa_type=UTCDateTime)
    approved_by: str | None = Field(default=None, max_length=32)
    approved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    published_by: str | None = Field(default=None, max_length=32)
    published_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    published_ts: str | None = Field(default=None, max_length=32)
    review_ts: str | None = Field(default=None, max_length=32)
    discarded_reason: str = Field(default="", sa_type=Text)
    drafter: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())
    approvals: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    written_by: list[str] = Field(default_factory=list, sa_type=json_type())
    problems: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    corrections: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    edited_from: int | None = None
    sent_channel_id: str | None = Field(default=None, max_length=32)
    sent_ts: str | None = Field(default=None, max_length=32)
