"""The five roles of a response and who held them when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, text_enum


class Role(StrEnum):
    COMMANDER = "commander"
    SCRIBE = "scribe"
    TECH = "tech"
    COMMS = "comms"
    LEGAL = "legal"


ROLE_NAMES: dict[Role, str] = {
    Role.COMMANDER: "Incident commander",
    Role.SCRIBE: "Scribe",
    Role.TECH: "Technical lead",
    Role.COMMS: "Comms lead",
    Role.LEGAL: "Legal/compliance liaison",
}


class RoleHolding(SQLModel, table=True):
    """One person's time in one role: open while `to_at` is None. At most one open holding per role, by index."""

    __tablename__ = "role_holding"
    __table_args__ = (
        Index(
            "ux_role_holding_open",
            "incident_id",
            "role",
            unique=True,
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
        Index(
            "ix_role_holding_user",
            "team",
            "user",
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    role: Role = Field(sa_type=text_enum(Role))
    user: str = Field(max_length=32)
    from_at: datetime = Field(sa_type=UTCDateTime)
    to_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    given_by: str = Field(max_length=32)
    note: str = Field(default="", sa_type=Text)
