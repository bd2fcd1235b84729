"""What a containment owes: the throw itself, its message in the channel, and the time to look at it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.columns import instant
from app.domain.containment import Containment
from app.domain.incident import Incident
from app.domain.job import Job, Urgency
from app.ports.store import UnitOfWork

ACT = "containment.act"
SHOW = "containment.show"
REVIEW = "containment.review"
RECHECK = "containment.recheck"
TELL = "containment.tell"


async def owe_throw(uow: UnitOfWork, incident: Incident, containment: Containment, now: datetime) -> None:
    """Owe that the switch is thrown the way it now has to go, or verified; and that the channel sees so."""
    await _owe(uow, incident, containment, ACT, now)
    await owe_show(uow, incident, containment, now)


async def owe_show(uow: UnitOfWork, incident: Incident, containment: Containment, now: datetime) -> None:
    """Owe that the one message in the channel shows the containment as it then is."""
    await _owe(uow, incident, containment, SHOW, now)


async def owe_word(
    uow: UnitOfWork, incident: Incident, containment: Containment, users: Iterable[str], now: datetime
) -> None:
    """Owe these people a private word of how it stands now, unless it has moved on by then."""
    for user in dict.fromkeys(users):
        about = f"{containment.id}:{user}:{containment.state}:{len(containment.answers)}"
        payload = {
            "containment_id": containment.id,
            "user": user,
            "state": containment.state.value,
            "owed_at": instant(now),
        }
        await uow.jobs.add(
            Job(
                team=incident.team,
                incident_id=incident.id,
                kind=TELL,
                key=f"{TELL}:{about}",
                urgency=Urgency.NOW,
                payload=payload,
                due_at=now,
            )
        )


async def owe_review(uow: UnitOfWork, incident: Incident, containment: Containment, now: datetime) -> datetime:
    """Owe, in place of any earlier one, that somebody is asked whether it is still right; when that will be."""
    at = now + timedelta(minutes=containment.review_minutes)
    await end_review(uow, incident, containment)
    await _owe(uow, incident, containment, REVIEW, at)
    return at


async def owe_recheck(uow: UnitOfWork, incident: Incident, containment: Containment, now: datetime) -> None:
    """Owe that its switch is read again: something may have taken it back."""
    await _owe(uow, incident, containment, RECHECK, now)


async def end_review(uow: UnitOfWork, incident: Incident, containment: Containment) -> None:
    """Nobody has to look at it again."""
    await uow.jobs.cancel(incident.team, f"{REVIEW}:{containment.id}")


async def _owe(uow: UnitOfWork, incident: Incident, containment: Containment, kind: str, at: datetime) -> None:
    await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=kind,
            key=f"{kind}:{containment.id}",
            lock=f"{kind}:{containment.id}",
            urgency=Urgency.SOON if kind == REVIEW else Urgency.NOW,
            payload={"containment_id": containment.id, "owed_at": instant(at)},
            due_at=at,
        )
    )
