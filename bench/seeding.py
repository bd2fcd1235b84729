"""Incidents and entries put into a database without the product, for sizes that nobody declares by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert
from sqlmodel import SQLModel

from app.domain.incident import Incident, Severity, StatusChange
from app.domain.roles import Role, RoleHolding
from app.store.tables import IncidentCounter

TITLE = "The refund agent answers with other customers' orders"


def incident(team: str, number: int, channel: str | None, now: datetime, **more: Any) -> Incident:
    """One of many alike."""
    fields: dict[str, Any] = {
        "id": number,
        "team": team,
        "number": number,
        "title": TITLE,
        "severity": list(Severity)[number % 4],
        "channel_id": channel,
        "channel_name": f"inc-{number}",
        "declared_at": now - timedelta(minutes=30),
        "declared_by": "U0000000001",
    }
    return Incident(**(fields | more))


def put(engine: Engine, records: Iterable[SQLModel]) -> None:
    """Insert the records as they are, ids included; those of one kind together."""
    by_kind: dict[type[SQLModel], list[dict[str, Any]]] = {}
    for record in records:
        by_kind.setdefault(type(record), []).append(record.model_dump())
    with engine.begin() as connection:
        for kind, rows in by_kind.items():
            given = [name for name in rows[0] if any(row[name] is not None for row in rows)]
            connection.execute(insert(kind), [{name: row[name] for name in given} for row in rows])


def open_incidents(engine: Engine, team: str, channels: Sequence[str]) -> None:
    """An open incident for each channel, with a commander, numbered from 1."""
    now = datetime.now(UTC)
    incidents = [incident(team, number, channel, now) for number, channel in enumerate(channels, 1)]
    put(engine, [*incidents, *(one for made in incidents for one in around(made)), last_number(team, len(channels))])
    set_counters(engine)


def around(made: Incident) -> list[SQLModel]:
    """What every incident has besides itself."""
    about = {"team": made.team, "incident_id": made.id}
    return [
        StatusChange(**about, status=made.status, severity=made.severity, at=made.declared_at, by=made.declared_by),
        RoleHolding(
            **about, role=Role.COMMANDER, user="U0000000002", from_at=made.declared_at, given_by=made.declared_by
        ),
    ]


def last_number(team: str, last: int) -> IncidentCounter:
    return IncidentCounter(team=team, last=last)


def set_counters(engine: Engine) -> None:
    """Let PostgreSQL go on numbering after the ids that were given by hand."""
    if engine.dialect.name != "postgresql":
        return
    with engine.begin() as connection:
        for table in ("incident", "timeline_entry", "job", "reminder"):
            last = f"(SELECT coalesce(max(id), 0) + 1 FROM {table})"
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")
