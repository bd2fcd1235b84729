"""The audit trail: who did what to which object, when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type

# The act that begins an incident; its detail names the form by which it was declared.
DECLARED = "incident.declared"


class AuditRecord(SQLModel, table=True):
    """One act. `incident_id` is None for acts outside an incident; `object` is like `role:scribe` or `update:3`."""

    __tablename__ = "audit_record"

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", ondelete="SET NULL", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(max_length=32)
    action: str = Field(max_length=64)
    object: str = Field(default="", max_length=200)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())
