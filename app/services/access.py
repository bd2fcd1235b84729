"""Who may see an incident, and who may lead it."""

from __future__ import annotations

from app.domain.errors import NotAllowed, NotFound
from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.roles import Role
from app.journal import also_about
from app.ports.store import UnitOfWork
from app.services.actor import Actor


def id_of(incident: Incident) -> int:
    """The id of a stored incident. Raises ValueError for one that was never stored."""
    if incident.id is None:
        raise ValueError("the incident has not been stored")
    return incident.id


async def may_see(uow: UnitOfWork, actor: Actor, incident: Incident) -> bool:
    """Everybody sees public incidents; restricted ones their declarer, past and present role holders, their channel."""
    if incident.team != actor.team:
        return False
    if actor.operator or not incident.restricted or incident.declared_by == actor.user:
        return True
    if actor.channel is not None and actor.channel == incident.channel_id:
        return True
    return any(holding.user == actor.user for holding in await uow.roles.history(id_of(incident)))


async def incident_for(uow: UnitOfWork, actor: Actor, key: str) -> Incident:
    """The incident of that key. Raises NotFound when there is none that the actor may see."""
    incident = await uow.incidents.by_key(actor.team, key)
    if incident is None or not await may_see(uow, actor, incident):
        raise NotFound(f"There is no incident {key.strip().upper()} here. `/ai-incident list` shows the open ones.")
    also_about(incident=incident.key)
    return incident


async def incident_of(uow: UnitOfWork, job: Job) -> Incident | None:
    """The incident that a job is owed for, in the log from here on; None when there is none any more."""
    incident = await uow.get(Incident, job.incident_id) if job.incident_id is not None else None
    if incident is not None:
        also_about(incident=incident.key)
    return incident


async def locked_for(uow: UnitOfWork, actor: Actor, key: str) -> Incident:
    """The incident of that key, locked for the transaction. Raises NotFound like `incident_for`."""
    return await uow.incidents.locked(id_of(await incident_for(uow, actor, key)))


async def lead_of(uow: UnitOfWork, incident: Incident) -> str:
    """The commander, or the declarer while there is none: who is told when something needs a decision."""
    holding = (await uow.roles.holders(id_of(incident))).get(Role.COMMANDER)
    return holding.user if holding else incident.declared_by


async def must_lead(uow: UnitOfWork, actor: Actor, incident: Incident, act: str) -> None:
    """Nothing when the actor is the commander, or there is none. Raises NotAllowed naming the commander otherwise."""
    holding = (await uow.roles.holders(id_of(incident))).get(Role.COMMANDER)
    if holding is not None and holding.user != actor.user:
        raise NotAllowed(
            f"Only the incident commander can {act}: that is <@{holding.user}>. Nothing was changed. "
            "Ask them, or have the role handed over to you first."
        )
