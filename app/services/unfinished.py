"""What an incident leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.containment import STANDING, Containment, ContainmentState
from app.domain.follow_up import FollowUp
from app.domain.incident import Incident, Status
from app.domain.postmortem import PostmortemStatus
from app.domain.roles import ROLE_NAMES, Role
from app.domain.status_update import UpdateStatus
from app.ports.store import UnitOfWork
from app.services.access import id_of

WORDS_SHOWN = 120


async def unfinished(uow: UnitOfWork, incident: Incident, *, postmortem: bool = True) -> Sequence[str]:
    """One line each: what is not contained or still is, open unknowns, an update never published, and so on.

    Without `postmortem` that is left out: ending an incident drafts it. Unknowns are quoted in people's own words:
    show the lines as text.
    """
    return [
        *await _containments(uow, incident),
        *await _unknowns(uow, incident),
        *await _updates(uow, incident),
        *await _vacant(uow, incident),
        *(await _postmortem(uow, incident) if postmortem else []),
        *await _follow_ups(uow, incident),
    ]


async def _unknowns(uow: UnitOfWork, incident: Incident) -> Sequence[str]:
    open_ones = [one for one in await uow.unknowns.all(id_of(incident)) if one.answered_at is None]
    return [f"Unknown {one.number} is not answered: {_short(one.text)}" for one in open_ones]


async def _updates(uow: UnitOfWork, incident: Incident) -> Sequence[str]:
    waiting = await uow.updates.waiting(id_of(incident))
    if waiting is not None:
        state = "is approved but not published" if waiting.status is UpdateStatus.APPROVED else "is still a draft"
        return [f"Update {waiting.version} {state}."]
    if await uow.updates.last_published(id_of(incident)) is None:
        return ["No update was ever published."]
    return []


async def _containments(uow: UnitOfWork, incident: Incident) -> Sequence[str]:
    """What did not work, and what is still thrown: it outlives the incident unless somebody takes it back."""
    newest = {(one.system, one.switch): one for one in await uow.of_incident(Containment, id_of(incident))}
    failed = [one for one in newest.values() if one.state is ContainmentState.NOT_CONTAINED]
    standing = [one for one in newest.values() if one.state in STANDING]
    return [
        *(f"{one.system_name} is NOT contained: {_short(one.name)} has not worked" for one in failed),
        *(f"{one.system_name} is still contained: {_short(one.name)}" for one in standing),
    ]


async def _vacant(uow: UnitOfWork, incident: Incident) -> Sequence[str]:
    holders = await uow.roles.holders(id_of(incident))
    return [] if Role.COMMANDER in holders else [f"Nobody holds the role {ROLE_NAMES[Role.COMMANDER]}."]


async def _postmortem(uow: UnitOfWork, incident: Incident) -> Sequence[str]:
    if incident.status is Status.DECLINED:
        return []
    latest = await uow.postmortems.latest(id_of(incident))
    if latest is None:
        return ["There is no postmortem yet."]
    return {
        PostmortemStatus.DRAFT: ["The postmortem is still a draft."],
        PostmortemStatus.IN_REVIEW: ["The postmortem is still being reviewed."],
        PostmortemStatus.COMPLETED: [],
    }[latest.status]


async def _follow_ups(uow: UnitOfWork, incident: Incident) -> Sequence[str]:
    still = [one for one in await uow.of_incident(FollowUp, id_of(incident)) if one.open]
    return [f"Follow-up {one.number} is open{_due(one)}: {_short(one.title)}" for one in still]


def _due(follow_up: FollowUp) -> str:
    return f", due {follow_up.due_on.isoformat()}" if follow_up.due_on else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WORDS_SHOWN else line[: WORDS_SHOWN - 1].rstrip() + "…"
