"""What people changed in the register: an entry on top of the register file's, and the history of its changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type
from app.domain.register import System

SWITCHES = "switches"


class RegisterEntry(SQLModel, table=True):
    """One system as somebody added or changed it in a workspace.

    `entry` is the whole entry as it was then, without its switches: those come from the file alone. `in_file`: the file
    had the system at that time; `changed` then names the fields in which the entry differs from it, and `base` holds
    what it said there.
    """

    __tablename__ = "register_entry"
    __table_args__ = (Index("ux_register_entry_key", "team", "key", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    key: str = Field(max_length=80)
    entry: dict[str, Any] = Field(sa_type=json_type())
    in_file: bool = False
    changed: list[str] = Field(default_factory=list, sa_type=json_type())
    base: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())
    changed_at: datetime = Field(sa_type=UTCDateTime)
    changed_by: str = Field(max_length=32)


class RegisterChange(SQLModel, table=True):
    """One change of an entry. `before` and `after` hold the fields that differ; `before` is empty for a new entry."""

    __tablename__ = "register_change"
    __table_args__ = (Index("ix_register_change_key", "team", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    key: str = Field(max_length=80)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(max_length=32)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", ondelete="SET NULL", index=True)
    before: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())
    after: dict[str, Any] = Field(default_factory=dict, sa_type=json_type())


@dataclass(frozen=True)
class Standing:
    """An entry as it stands. `in_file`: the file has it. `file_changed`: what people changed, and the file since.

    The words of people win over the file until somebody settles it.
    """

    system: System
    in_file: bool
    changed: tuple[str, ...] = ()
    file_changed: tuple[str, ...] = ()


def standing(written: System | None, entry: RegisterEntry | None) -> Standing | None:
    """What the file and the change on top of it come to; None when neither has the system."""
    if entry is None:
        return Standing(written, in_file=True) if written is not None else None
    if written is None:
        return Standing(System.model_validate(entry.entry), in_file=False)
    said = fields_of(written)
    changed = entry.changed if entry.in_file else _unlike(said, entry.entry)
    merged = said | {name: entry.entry[name] for name in changed if name in entry.entry}
    since = tuple(name for name in changed if name in said and said[name] not in (entry.base.get(name), merged[name]))
    return Standing(System.model_validate(merged), in_file=True, changed=tuple(changed), file_changed=since)


def put_on_top(entry: RegisterEntry, written: System | None, wanted: System) -> None:
    """Make `wanted` what the entry says, on top of what the file says now."""
    entry.entry = {name: value for name, value in fields_of(wanted).items() if name != SWITCHES}
    said = fields_of(written) if written is not None else {}
    entry.in_file = written is not None
    entry.changed = _unlike(said, entry.entry)
    entry.base = {name: said[name] for name in entry.changed}


def _unlike(said: Mapping[str, Any], entry: Mapping[str, Any]) -> list[str]:
    return [name for name in said if name in entry and said[name] != entry[name] and name != SWITCHES]


def fields_of(system: System) -> dict[str, Any]:
    """Every field of the entry as JSON values."""
    return system.model_dump(mode="json")


def difference(before: System | None, after: System) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are; a new entry was nothing before."""
    now = fields_of(after)
    if before is None:
        empty = fields_of(System(key=after.key, name=after.name, system_type=after.system_type))
        return {}, {name: value for name, value in now.items() if value != empty[name] or name in _ALWAYS}
    was = fields_of(before)
    names = [name for name in now if now[name] != was[name]]
    return {name: was[name] for name in names}, {name: now[name] for name in names}


_ALWAYS = ("key", "name", "system_type")
