"""The dependency picture of a triage pack: what it shows, and how far it has come in the chat."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.columns import json_type, text_enum


class PictureState(StrEnum):
    """How far the picture has come; while it isn't shown, the pack's text stands for it."""

    WANTED = "wanted"
    SENT = "sent"
    SHARED = "shared"
    SHOWN = "shown"
    FAILED = "failed"


class DependencyPicture(SQLModel, table=True):
    """The one picture of an incident's triage pack.

    `shows`: the map as JSON, empty for nothing; `digest` tells whether a picture still shows it. `file_id`: the file in
    the chat, None before it was sent. `refusals`: how often the chat has not taken the file into the message.
    `replaced`: files that are no longer shown and have to be removed.
    """

    __tablename__ = "dependency_picture"
    __table_args__ = (Index("ux_dependency_picture_incident", "incident_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    shows: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())
    digest: str = Field(default="", max_length=64)
    state: PictureState = Field(default=PictureState.WANTED, sa_type=text_enum(PictureState))
    file_id: str | None = Field(default=None, max_length=32)
    refusals: int = 0
    replaced: list[str] = Field(default_factory=list, sa_type=json_type())
