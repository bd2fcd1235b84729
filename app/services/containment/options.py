"""What can be done about an incident's system: its switches, and what stands in the way of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.containment import Containment
from app.domain.incident import Incident, Kind
from app.domain.register import Switch, System
from app.ports.register import Register
from app.ports.store import UnitOfWork
from app.ports.switches import Switches
from app.services.access import id_of
from app.services.actor import Actor
from app.services.containment.rules import may_act
from app.services.situation import system_of


@dataclass(frozen=True)
class Options:
    """What can be done about the incident's system. `system` None: the register has no entry for it.

    `obstacles`: why a switch can't be thrown here, by its key; those without any are left out. `may_act`: whether the
    asker may throw one that is no emergency stop. `given`: all that was ever asked for in this incident.
    """

    incident: Incident
    system: System | None
    obstacles: dict[str, str]
    given: Sequence[Containment]
    may_act: bool


async def options_of(uow: UnitOfWork, actor: Actor, incident: Incident, known: tuple[Register, Switches]) -> Options:
    """The options of an incident that the actor may see."""
    register, switches = known
    system = await system_of(uow, incident, register)
    found = {one.key: obstacle_to(switches, incident, one) for one in system.switches} if system else {}
    return Options(
        incident,
        system,
        {switch: clause for switch, clause in found.items() if clause},
        await uow.of_incident(Containment, id_of(incident)),
        await may_act(uow, actor, incident),
    )


def obstacle_to(switches: Switches, incident: Incident, switch: Switch) -> str:
    """The clause that says why it can't be thrown, empty when nothing is in the way: a drill calls nothing anyway."""
    return "" if incident.kind is Kind.DRILL else switches.obstacle(switch)
