"""What became of an incident's playbook, in the exported record and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.columns import instant
from app.domain.incident import Incident
from app.domain.playbook_progress import PlaybookStep, StepState
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.records.inert_markdown import inert

Json = dict[str, Any]
_WORDS: Mapping[str, str] = {StepState.DONE: "done", StepState.SKIPPED: "not done", StepState.ANSWERED: "decided"}


async def playbook_record(uow: UnitOfWork, incident: Incident) -> Json:
    """Every step and gate that somebody did, left out, decided or was asked, in the order of the first touch."""
    return {"steps": [_step(row) for row in await uow.of_incident(PlaybookStep, id_of(incident))]}


def playbook_lines(record: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[str]:
    """One list item of Markdown for each step that is no longer open."""
    return [_line(one, names) for one in record["playbook"]["steps"] if one["state"] != StepState.OPEN]


def _step(row: PlaybookStep) -> Json:
    return {
        "key": row.key,
        "kind": row.kind.value,
        "text": row.text,
        "role": row.role,
        "state": row.state.value,
        "assignee": row.assignee,
        "by": row.by,
        "at": instant(row.at) if row.at else None,
        "reason": row.reason,
        "answer": row.answer,
        "added_by": row.added_by or None,
        "asked_at": instant(row.asked_at) if row.asked_at else None,
        "reminded_at": instant(row.reminded_at) if row.reminded_at else None,
    }


def _line(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    by = one["by"] or ""
    said = f": {inert(one['reason'])}" if one["reason"] else ""
    return f"- {inert(one['text'])} – {_WORDS[one['state']]} by {inert(names.get(by, by))}{said}"
