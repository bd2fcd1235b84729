"""What every draft was made of and cost, whether or not anybody used it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type, text_enum
from app.domain.status_update import Audience


class Drafted(StrEnum):
    """What was drafted."""

    UPDATE = "update"
    POSTMORTEM = "postmortem"
    ANSWER = "answer"
    SUGGESTION = "suggestion"


class DraftRecord(SQLModel, table=True):
    """One draft, as its drafter made it.

    `sections`: {section or part: [{text, citations: [entry id]}]}; empty where a model gave nothing usable. `drafter`:
    the whole account {name, model, tokens, input_tokens, output_tokens, prompt, evidence: [entry id], checks: {passed,
    repaired, failed}, dropped: [{text, reason}], note}. `tokens` were read and written in all, 0 without a model.
    `audience` is None for postmortems. `edited_at`: when somebody began to change it while a model was still drafting,
    None for never.
    """

    __tablename__ = "draft_record"
    __table_args__ = (Index("ix_draft_record_team_drafted_at", "team", "drafted_at"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    what: Drafted = Field(sa_type=text_enum(Drafted))
    audience: Audience | None = Field(default=None, sa_type=text_enum(Audience))
    sections: dict[str, list[dict[str, Any]]] = Field(sa_type=json_type())
    drafter: dict[str, Any] = Field(sa_type=json_type())
    tokens: int = 0
    drafted_at: datetime = Field(sa_type=UTCDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
