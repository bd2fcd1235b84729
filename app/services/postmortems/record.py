"""A postmortem in the exported record, with its versions and its review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.columns import instant
from app.domain.incident import Incident
from app.domain.postmortem import Part, Postmortem
from app.domain.postmortem_review import PostmortemComment, PostmortemReviewer
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.postmortems.duty import duty_of, owner_of

Json = dict[str, Any]


async def postmortem_record(uow: UnitOfWork, incident: Incident) -> Json | None:
    """The newest version in the published shape, with the system that it is about; None before the first."""
    versions = await uow.postmortems.all(id_of(incident))
    if not versions:
        return None
    newest, duty = versions[-1], await duty_of(uow, incident)
    return {
        "version": newest.version,
        "status": newest.status.value,
        "sections": {part.value: sentences(newest.sections.get(part, [])) for part in Part},
        "system": incident.system,
        "owner": await owner_of(uow, incident, duty),
        "due_at": _instant(duty.due_at if duty else None),
        "completed_at": _instant(duty.completed_at if duty else None),
        "completed_by": duty.completed_by if duty else None,
        "reason": duty.reason if duty else "",
        "reviewers": [_reviewer(one) for one in await uow.of_incident(PostmortemReviewer, id_of(incident))],
        "comments": [_comment(one) for one in await uow.of_incident(PostmortemComment, id_of(incident))],
        "versions": [_version(one) for one in versions],
    }


def sentences(lines: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Sentences as published: `by_hand` is on those alone that a person wrote without a source."""
    return [
        {"text": line["text"], "citations": list(line["citations"])}
        | ({"by_hand": True} if line.get("by_hand") else {})
        for line in lines
    ]


def _version(one: Postmortem) -> Json:
    return {
        "version": one.version,
        "at": instant(one.drafted_at),
        "by": one.drafted_by,
        "change": one.change or "Drafted.",
        "drafter": one.drafter.get("name") or "person",
    }


def _reviewer(one: PostmortemReviewer) -> Json:
    return {
        "user": one.user,
        "answer": one.answer.value,
        "comment": one.comment,
        "version": one.version,
        "asked_by": one.asked_by,
        "asked_at": instant(one.asked_at),
        "answered_at": _instant(one.answered_at),
    }


def _comment(one: PostmortemComment) -> Json:
    return {
        "id": one.id,
        "part": one.part.value,
        "text": one.text,
        "by": one.by,
        "at": instant(one.at),
        "version": one.version,
        "resolved_at": _instant(one.resolved_at),
        "resolved_by": one.resolved_by,
    }


def _instant(at: datetime | None) -> str | None:
    return instant(at) if at is not None else None
