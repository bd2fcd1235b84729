"""Signals: what other systems reported, such as a deploy, a change of a flag or a model, an alarm."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type, text_enum

TITLE_MAX = 300


class SignalKind(StrEnum):
    DEPLOY = "deploy"
    CONFIG = "config"
    FLAG = "flag"
    MODEL = "model"
    PROMPT = "prompt"
    ALERT = "alert"
    REPORT = "report"


CHANGES = frozenset({SignalKind.DEPLOY, SignalKind.CONFIG, SignalKind.FLAG, SignalKind.MODEL, SignalKind.PROMPT})


class Signal(SQLModel, table=True):
    """One signal. `source`: the name of the token it came with; `external_id` tells it from others of that source.

    `system`: key of the register entry that it names, None if it names none. `detail`: further facts, as they came.
    """

    __table_args__ = (
        Index("ux_signal_external", "team", "source", "external_id", unique=True),
        Index("ix_signal_at", "team", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    source: str = Field(max_length=80)
    external_id: str = Field(max_length=200)
    kind: SignalKind = Field(sa_type=text_enum(SignalKind))
    title: str = Field(max_length=TITLE_MAX)
    text: str = Field(default="", sa_type=Text)
    system: str | None = Field(default=None, max_length=80)
    url: str = Field(default="", max_length=2000)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())
    at: datetime = Field(sa_type=UTCDateTime)
    received_at: datetime = Field(sa_type=UTCDateTime)
