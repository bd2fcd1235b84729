"""Follow-ups in the exported record, and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.columns import instant
from app.domain.follow_up import FollowUp
from app.domain.incident import Incident
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.records.inert_markdown import inert

Json = dict[str, Any]


async def follow_up_records(uow: UnitOfWork, incident: Incident) -> list[Json]:
    """The incident's follow-ups by number, each naming the system that it is about."""
    return [_record(one, incident) for one in await uow.of_incident(FollowUp, id_of(incident))]


def follow_up_lines(record: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[str]:
    """One list item of Markdown each."""
    return [_line(one, names) for one in record["follow_ups"]]


def _record(one: FollowUp, incident: Incident) -> Json:
    return {
        "id": one.id,
        "number": one.number,
        "title": one.title,
        "owner": one.owner,
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "state": one.state.value,
        "layer": one.layer.value if one.layer else None,
        "source": one.source or None,
        "system": incident.system,
        "created_at": instant(one.created_at),
        "created_by": one.created_by,
        "done_at": instant(one.done_at) if one.done_at else None,
        "done_by": one.done_by,
        "reason": one.reason,
    }


def _line(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    owner = one["owner"]
    parts = [
        one["state"],
        f"owner {inert(names.get(owner, owner))}" if owner else "no owner",
        f"due {one['due_on']}" if one["due_on"] else "no date",
        *([f"{one['layer']} layer"] if one["layer"] else []),
    ]
    reason = f" – {inert(one['reason'])}" if one["reason"] else ""
    return f"- {one['number']}. {inert(one['title'])} ({', '.join(parts)}){reason}"
