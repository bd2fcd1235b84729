"""The incidents that a person may see, and one of them at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import NotFound
from app.domain.follow_up import FollowUp
from app.domain.incident import Incident
from app.domain.notices import Panel
from app.journal import also_about
from app.ports.register import NO_REGISTER, Register
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, may_see
from app.services.actor import Actor
from app.services.clocks.rows import next_deadline
from app.services.situation import holders_of, system_of
from app.services.timeline.cascade import cascade_in
from app.services.trials.owed import fix_tried


@dataclass(frozen=True)
class Board:
    """Looks incidents up for people."""

    store: Store
    register: Register = NO_REGISTER

    async def incident(self, actor: Actor, key: str) -> Incident:
        """The incident of that key. Raises NotFound, also for restricted ones that the actor may not see."""
        async with self.store.read() as uow:
            return await incident_for(uow, actor, key)

    async def by_channel(self, team: str, channel: str) -> Incident | None:
        """The incident whose channel it is, None if it is no incident's."""
        async with self.store.read() as uow:
            incident = await uow.incidents.by_channel(team, channel)
        if incident is not None:
            also_about(incident=incident.key)
        return incident

    async def open_incidents(self, actor: Actor, *, limit: int = 50) -> Sequence[Incident]:
        """Open incidents that the actor may see: their own first, then the worst, then the newest."""
        async with self.store.read() as uow:
            found = [one for one in await uow.incidents.open(actor.team, limit=limit) if await may_see(uow, actor, one)]
            theirs = await uow.roles.incidents_of(actor.team, actor.user)
        return sorted(found, key=lambda one: one.id not in theirs and one.declared_by != actor.user)

    async def panel(self, actor: Actor, key: str | None = None, *, channel: str | None = None) -> Panel:
        """The incident of that key, or of that channel, at a glance. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await self._looked_up(uow, actor, key, channel or actor.channel)
            return Panel(
                incident=incident,
                holders=await holders_of(uow, incident),
                unknowns=await uow.unknowns.all(id_of(incident)),
                last_update=await uow.updates.last_published(id_of(incident)),
                waiting_update=await uow.updates.waiting(id_of(incident)),
                postmortem=await uow.postmortems.latest(id_of(incident)),
                viewer=actor.user,
                role_history=await uow.roles.history(id_of(incident)),
                follow_ups=await uow.of_incident(FollowUp, id_of(incident)),
                system=await system_of(uow, incident, self.register),
                deadline=await next_deadline(uow, incident),
                fix=await fix_tried(uow, incident),
                cascade=str(cascade) if (cascade := await cascade_in(uow, incident)).known else "",
            )

    async def _looked_up(self, uow: UnitOfWork, actor: Actor, key: str | None, channel: str | None) -> Incident:
        if key is not None:
            return await incident_for(uow, actor, key)
        incident = await uow.incidents.by_channel(actor.team, channel) if channel else None
        if incident is None:
            raise NotFound("This is not an incident's channel. `/ai-incident list` shows the open incidents.")
        return incident
