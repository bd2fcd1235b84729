"""Whoever takes a role is told privately what to do first."""

from __future__ import annotations

from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.notices import Checklist
from app.domain.roles import RoleHolding
from app.journal import also_about
from app.knowledge.checklists import CHECKLISTS
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, tell_once


class TellChecklist(Step):
    """role.checklist: to the holder, unless the role has gone to somebody else meanwhile."""

    async def perform(self, job: Job) -> Finish:
        async with self.store.read() as uow:
            holding = await uow.get(RoleHolding, job.payload["holding_id"])
            incident = await uow.get(Incident, holding.incident_id) if holding is not None else None
        if holding is None or incident is None or holding.to_at is not None:
            return nothing_more
        also_about(incident=incident.key)
        chat = await self.chats.of(job.team)
        notice = Checklist(incident, holding.role, CHECKLISTS[holding.role], holding.given_by, holding.note)
        await tell_once(chat, holding.user, notice, job)
        return nothing_more
