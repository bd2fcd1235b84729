"""Who may contain, and what has to be so before a switch is thrown."""

from __future__ import annotations

from app.domain.containment import STANDING, Containment, ContainmentState
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.incident import Incident
from app.domain.register import Switch, System
from app.domain.roles import Role
from app.ports.register import Register
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.actor import Actor
from app.services.situation import system_of

ACTING_ROLES = (Role.COMMANDER, Role.TECH)
NOTHING_CALLED = "Nothing was called and nothing was changed."


async def may_act(uow: UnitOfWork, actor: Actor, incident: Incident) -> bool:
    """True for the commander and the technical lead."""
    holders = await uow.roles.holders(id_of(incident))
    return any(role in holders and holders[role].user == actor.user for role in ACTING_ROLES)


async def must_act(uow: UnitOfWork, actor: Actor, incident: Incident, act: str) -> None:
    """Nothing for those who may act. Raises NotAllowed, naming them, for everybody else."""
    if await may_act(uow, actor, incident):
        return
    holders = await uow.roles.holders(id_of(incident))
    named = list(dict.fromkeys(f"<@{holders[role].user}>" for role in ACTING_ROLES if role in holders))
    todo = f"Ask {' or '.join(named)}." if named else "Nobody is either yet: take one of these roles on the card first."
    raise NotAllowed(f"Only the incident commander or the technical lead can {act}. {todo} {NOTHING_CALLED}")


async def must_hold_a_role(uow: UnitOfWork, actor: Actor, incident: Incident, act: str) -> None:
    """Nothing for whoever holds any role. Raises NotAllowed for everybody else."""
    holders = await uow.roles.holders(id_of(incident))
    if all(holding.user != actor.user for holding in holders.values()):
        raise NotAllowed(
            f"Somebody with a role in {incident.key} has to {act}. Take one on the card first. {NOTHING_CALLED}"
        )


async def must_know_the_system(
    uow: UnitOfWork, actor: Actor, incident: Incident, containment: Containment, register: Register
) -> None:
    """Nothing for role holders, and for those whom the register names as owners or on call."""
    system = await register.system(uow, incident.team, containment.system)
    if system is None or actor.user not in (*system.owners, *system.on_call):
        await must_hold_a_role(uow, actor, incident, "say that it is done")


async def switch_of(uow: UnitOfWork, incident: Incident, register: Register, key: str) -> tuple[System, Switch]:
    """A switch of the incident's system. Raises NotFound."""
    system = await system_of(uow, incident, register)
    switch = system.switch(key) if system is not None else None
    if system is None or switch is None:
        raise NotFound(
            f"The register has no such switch for the system of {incident.key}. {NOTHING_CALLED} Open Contain again.",
            field="switch",
        )
    return system, switch


def must_be_open(incident: Incident) -> None:
    """Raises Conflict when the incident is over."""
    if not incident.open:
        raise Conflict(f"{incident.key} is {incident.status}. Reopen it first. {NOTHING_CALLED}")


async def must_not_stand(uow: UnitOfWork, incident: Incident, system: System, switch: Switch) -> None:
    """Raises Conflict when the switch is thrown, or being thrown, in this incident already."""
    for one in await uow.of_incident(Containment, id_of(incident)):
        if (one.system, one.switch) == (system.key, switch.key) and one.state in STANDING:
            raise Conflict(f"{_STANDS[one.state].format(name=switch.name)} {NOTHING_CALLED}", field="switch")


_ON_ITS_WAY = "“{name}” is being carried out already; its message is in the incident's channel."
_STANDS = {
    ContainmentState.ASKED: "“{name}” waits for a second person already; its message is in the incident's channel.",
    ContainmentState.CONFIRMED: _ON_ITS_WAY,
    ContainmentState.ACTING: _ON_ITS_WAY,
    ContainmentState.VERIFYING: _ON_ITS_WAY,
    ContainmentState.CONTAINED: "“{name}” is in force already, and verified.",
}
