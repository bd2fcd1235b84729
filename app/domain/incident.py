"""An incident, its key, its ladder of statuses, and the history of both status and severity."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, text_enum


class Severity(StrEnum):
    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"


class Status(StrEnum):
    INVESTIGATING = "investigating"
    CONTAINED = "contained"
    REMEDIATING = "remediating"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"


class Kind(StrEnum):
    REAL = "real"
    DRILL = "drill"
    IMPORTED = "imported"


class Visibility(StrEnum):
    PUBLIC = "public"
    RESTRICTED = "restricted"


class Archetype(StrEnum):
    PROMPT_INJECTION = "prompt_injection"
    DATA_EXFILTRATION = "data_exfiltration"
    MODEL_MANIPULATION = "model_manipulation"
    MISINFORMATION_CASCADE = "misinformation_cascade"
    TOXICITY_ABUSE = "toxicity_abuse"
    AGENTIC_MISALIGNMENT = "agentic_misalignment"
    OTHER = "other"
    UNSURE = "unsure"


class SystemType(StrEnum):
    GENERATIVE = "generative"
    AGENT = "agent"
    PREDICTIVE = "predictive"


LADDER: tuple[Status, ...] = (
    Status.INVESTIGATING,
    Status.CONTAINED,
    Status.REMEDIATING,
    Status.MONITORING,
    Status.RESOLVED,
    Status.CLOSED,
)
ENDED: frozenset[Status] = frozenset({Status.RESOLVED, Status.CLOSED, Status.DECLINED})
# The index of open incidents and the questions it answers must be worded alike, or a database won't use it.
STILL_OPEN = "status NOT IN ('resolved', 'closed', 'declined')"
TITLE_MAX = 200


class Incident(SQLModel, table=True):
    """One incident of one workspace. `number` counts per workspace; `key` is `INC-<number>`."""

    __table_args__ = (
        Index("ux_incident_team_number", "team", "number", unique=True),
        Index("ux_incident_team_channel", "team", "channel_id", unique=True),
        Index("ix_incident_team_system", "team", "system", "number"),
        Index(
            "ix_incident_open",
            "team",
            "severity",
            "number",
            sqlite_where=text(STILL_OPEN),
            postgresql_where=text(STILL_OPEN),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    number: int
    kind: Kind = Field(default=Kind.REAL, sa_type=text_enum(Kind))
    title: str = Field(max_length=TITLE_MAX)
    summary: str = Field(default="", sa_type=Text)
    status: Status = Field(default=Status.INVESTIGATING, sa_type=text_enum(Status))
    severity: Severity = Field(sa_type=text_enum(Severity))
    archetype: Archetype = Field(default=Archetype.UNSURE, sa_type=text_enum(Archetype))
    system_type: SystemType | None = Field(default=None, sa_type=text_enum(SystemType))
    system: str | None = Field(default=None, max_length=80)
    visibility: Visibility = Field(default=Visibility.PUBLIC, sa_type=text_enum(Visibility))
    channel_id: str | None = Field(default=None, max_length=32)
    channel_name: str | None = Field(default=None, max_length=80)
    card_ts: str | None = Field(default=None, max_length=32)
    announcement_channel_id: str | None = Field(default=None, max_length=32)
    announcement_ts: str | None = Field(default=None, max_length=32)
    declared_at: datetime = Field(sa_type=UTCDateTime)
    declared_by: str = Field(max_length=32)
    next_update_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    promise: int = 0
    promised_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    unknown_count: int = 0
    update_count: int = 0

    @property
    def key(self) -> str:
        return f"INC-{self.number}"

    @property
    def restricted(self) -> bool:
        return self.visibility is Visibility.RESTRICTED

    @property
    def open(self) -> bool:
        return self.status not in ENDED


class StatusChange(SQLModel, table=True):
    """One step of an incident's status or severity: what both were from `at` on, by whom and why."""

    __tablename__ = "status_change"

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    status: Status = Field(sa_type=text_enum(Status))
    severity: Severity = Field(sa_type=text_enum(Severity))
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(max_length=32)
    reason: str = Field(default="", sa_type=Text)


def is_step_back(now: Status, wanted: Status) -> bool:
    """True when `wanted` stands before `now` on the ladder, or leaves `declined`: such a step needs a reason."""
    if now is Status.DECLINED:
        return wanted is not Status.DECLINED
    if wanted is Status.DECLINED:
        return False
    return LADDER.index(wanted) < LADDER.index(now)


def number_of(key: str) -> int | None:
    """The number in an incident key such as `INC-42` (any case, spaces around allowed); None if it is no key."""
    head, dash, digits = key.strip().upper().partition("-")
    return int(digits) if head == "INC" and dash and digits.isascii() and digits.isdigit() else None
