"""Who decides what the law asks for: the legal liaison, or whoever stands in."""

from __future__ import annotations

from app.domain.errors import NotAllowed
from app.domain.incident import Incident
from app.domain.roles import Role
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.actor import Actor


async def must_decide(uow: UnitOfWork, actor: Actor, incident: Incident, act: str) -> None:
    """Nothing for the legal liaison, the commander while there is none, anybody while there is neither.

    Raises NotAllowed naming who can.
    """
    holders = await uow.roles.holders(id_of(incident))
    holding = holders.get(Role.LEGAL) or holders.get(Role.COMMANDER)
    if holding is None or holding.user == actor.user:
        return
    standing_in = " while nobody is legal liaison" if holding.role is Role.COMMANDER else ""
    raise NotAllowed(f"Only <@{holding.user}> can {act}{standing_in}. Nothing was changed.")


async def must_answer_for_law(uow: UnitOfWork, actor: Actor, incident: Incident, act: str) -> None:
    """Like `must_decide`, but the commander may as well while there is a legal liaison."""
    commander = (await uow.roles.holders(id_of(incident))).get(Role.COMMANDER)
    if commander is None or commander.user != actor.user:
        await must_decide(uow, actor, incident, act)
