"""The incident as it stands, gathered for those who are shown it."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.containment import Containment
from app.domain.incident import Incident
from app.domain.notices import Announcement, Card
from app.domain.register import System
from app.domain.roles import Role
from app.domain.status_update import Audience, StatusUpdate
from app.domain.suggestion_offer import SuggestionOffer
from app.ports.register import NO_REGISTER, Register
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.clocks.rows import next_deadline


async def card_of(uow: UnitOfWork, incident: Incident, register: Register = NO_REGISTER) -> Card:
    """The card as it should look now."""
    unknowns = await uow.unknowns.all(id_of(incident))
    return Card(
        incident=incident,
        holders=await holders_of(uow, incident),
        open_unknowns=sum(1 for unknown in unknowns if unknown.answered_at is None),
        last_update=await uow.updates.last_published(id_of(incident)),
        system=await system_of(uow, incident, register),
        containments=await uow.of_incident(Containment, id_of(incident)),
        deadline=await next_deadline(uow, incident),
        suggestion=next(iter(await uow.of_incident(SuggestionOffer, id_of(incident))), None),
    )


async def system_of(uow: UnitOfWork, incident: Incident, register: Register) -> System | None:
    """The register's entry of the incident's system; None while none is named, or the named one isn't in it."""
    return await register.system(uow, incident.team, incident.system) if incident.system else None


async def announcement_of(uow: UnitOfWork, incident: Incident) -> Announcement:
    """The announcement as it should look now; it carries only updates that were written for people inside."""
    inside = [
        await uow.updates.last_published(id_of(incident), audience)
        for audience in (Audience.RESPONDERS, Audience.LEADERSHIP)
    ]
    return Announcement(incident, await holders_of(uow, incident), _newest([one for one in inside if one is not None]))


async def holders_of(uow: UnitOfWork, incident: Incident) -> Mapping[Role, str]:
    """Who holds which role now."""
    return {role: holding.user for role, holding in (await uow.roles.holders(id_of(incident))).items()}


def _newest(updates: list[StatusUpdate]) -> StatusUpdate | None:
    return max(updates, key=lambda update: update.version, default=None)
