"""The triage pack: what is known around an incident, gathered for those who begin to look into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type


class PackPart(StrEnum):
    """The parts, in the order in which they are shown."""

    CHANGES = "changes"
    ANOMALIES = "anomalies"
    DEPENDENCIES = "dependencies"
    SIMILAR = "similar"
    MITIGATIONS = "mitigations"


PART_TITLES: Mapping[PackPart, str] = {
    PackPart.CHANGES: "Changes around the start",
    PackPart.ANOMALIES: "Anomalies",
    PackPart.DEPENDENCIES: "Dependencies",
    PackPart.SIMILAR: "Similar incidents",
    PackPart.MITIGATIONS: "Known mitigations",
}


class TriagePack(SQLModel, table=True):
    """The one pack of an incident, gathered again when asked for.

    `parts`: the lines of each part; a part without any says why in `empty`, by part. `seconds_to_context`: from the
    declaration to the first pack in the channel, None before.
    """

    __tablename__ = "triage_pack"
    __table_args__ = (Index("ux_triage_pack_incident", "incident_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    parts: dict[str, list[str]] = Field(sa_type=json_type())
    empty: dict[str, str] = Field(sa_type=json_type())
    gathered_at: datetime = Field(sa_type=UTCDateTime)
    channel_id: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)
    posted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    seconds_to_context: float | None = None
