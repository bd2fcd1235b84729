"""Private words to one person: what went wrong, and that nothing could be declared."""

from __future__ import annotations

from app.domain.job import Job
from app.domain.notices import DeclarationFailed, Notice, Problem
from app.ports.chat import Chat, ChatRefused
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, tell_once


class TellProblem(Step):
    """tell.problem: to whoever leads; the form that still waits shows it as well."""

    async def perform(self, job: Job) -> Finish:
        incident = await self.incident(job)
        if incident is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        notice = Problem(incident, job.payload["what"], job.payload["todo"], job.payload["job_id"])
        await shown(chat, job.payload["view_id"], notice)
        await tell_once(chat, job.payload["user"], notice, job)
        return nothing_more


class TellDeclarationFailed(Step):
    """declaration.failed: in the form, or as a message where that was closed."""

    async def perform(self, job: Job) -> Finish:
        chat = await self.chats.of(job.team)
        notice = DeclarationFailed(job.payload["title"], job.payload["reason"])
        if not await shown(chat, job.payload["view_id"], notice):
            await tell_once(chat, job.payload["user"], notice, job)
        return nothing_more


async def shown(chat: Chat, view_id: str, notice: Notice) -> bool:
    """Show it in the form; False when there is none, or none any more."""
    if not view_id:
        return False
    try:
        await chat.show(view_id, notice)
    except ChatRefused:
        return False
    return True
