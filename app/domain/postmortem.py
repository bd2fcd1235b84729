"""The versioned postmortem of an incident, in six parts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type, text_enum


class PostmortemStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    COMPLETED = "completed"


class Part(StrEnum):
    TIMELINE = "timeline"
    ROOT_CAUSE = "root_cause"
    IMPACT = "impact"
    DETECTION_REVIEW = "detection_review"
    RESPONSE_REVIEW = "response_review"
    PREVENTION_PLAN = "prevention_plan"


PART_TITLES: dict[Part, str] = {
    Part.TIMELINE: "Timeline",
    Part.ROOT_CAUSE: "Root cause",
    Part.IMPACT: "Impact",
    Part.DETECTION_REVIEW: "Detection review",
    Part.RESPONSE_REVIEW: "Response review",
    Part.PREVENTION_PLAN: "Prevention plan",
}


class Postmortem(SQLModel, table=True):
    """One version of an incident's postmortem.

    `sections`: {part: [{text, citations: [entry id], by_hand}]}, `by_hand` on sentences that a person wrote without
    citing anything; `drafter` as in StatusUpdate, empty for a version that a person edited. `change` says in words what
    is new in it.
    """

    __table_args__ = (Index("ux_postmortem_version", "incident_id", "version", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    version: int
    status: PostmortemStatus = Field(default=PostmortemStatus.DRAFT, sa_type=text_enum(PostmortemStatus))
    sections: dict[str, list[dict[str, Any]]] = Field(sa_type=json_type())
    drafted_by: str = Field(max_length=32)
    drafted_at: datetime = Field(sa_type=UTCDateTime)
    drafter: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())
    change: str = Field(default="", sa_type=Text)
