"""The announcement: one message about a public incident outside its channel, kept up to date in place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from app.domain.job import Job
from app.domain.notices import Announcement
from app.ports.chat import ChatError, ChatRefused, Posted
from app.ports.store import UnitOfWork
from app.services.access import incident_of
from app.services.jobs.owed import Effect, announced, owe
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, post_once
from app.services.problems import report
from app.services.room.card import GONE
from app.services.situation import announcement_of


class _AnnouncementStep(Step):
    async def _announcement(self, job: Job) -> Announcement | None:
        """The announcement as it should look at this moment; None for incidents that aren't announced."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            if incident is None or not announced(incident):
                return None
            return await announcement_of(uow, incident)


@dataclass(frozen=True)
class PostAnnouncement(_AnnouncementStep):
    """announcement.post, in `channel` (a name or an ID)."""

    channel: str

    async def perform(self, job: Job) -> Finish:
        announcement = await self._announcement(job)
        if announcement is None or announcement.incident.announcement_ts is not None:
            return nothing_more
        chat = await self.chats.of(job.team)
        posted = await post_once(chat, self.channel, announcement, job)
        return partial(self._keep, job, posted)

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        await report(
            uow, job, error, self.clock, what=f"The incident could not be announced in {_named(self.channel)}."
        )

    async def _keep(self, job: Job, posted: Posted, uow: UnitOfWork) -> None:
        incident = await uow.incidents.locked(job.incident_id or 0)
        incident.announcement_channel_id = posted.channel
        incident.announcement_ts = posted.ts
        now = self.clock.now()
        await owe(uow, incident, Effect.ROOM_BOOKMARK, now, about="announcement", payload={"to": "announcement"})
        if job.attempts > 1:
            # What was found may have been posted before the last change.
            await owe(uow, incident, Effect.ANNOUNCEMENT_REFRESH, now)


class RefreshAnnouncement(_AnnouncementStep):
    """announcement.refresh; an announcement that somebody deleted is posted anew."""

    async def perform(self, job: Job) -> Finish:
        announcement = await self._announcement(job)
        if announcement is None:
            return nothing_more
        channel, ts = announcement.incident.announcement_channel_id, announcement.incident.announcement_ts
        if channel is None or ts is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        try:
            await chat.update(channel, ts, announcement)
        except ChatRefused as error:
            if error.code not in GONE:
                raise
            return partial(self._post_anew, job, ts)
        return nothing_more

    async def _post_anew(self, job: Job, gone_ts: str, uow: UnitOfWork) -> None:
        incident = await uow.incidents.locked(job.incident_id or 0)
        if incident.announcement_ts == gone_ts:
            incident.announcement_ts = None
            await owe(uow, incident, Effect.ANNOUNCEMENT_POST, self.clock.now(), about=f"after:{gone_ts}")


def _named(channel: str) -> str:
    return f"<#{channel}>" if re.fullmatch(r"[CG][A-Z0-9]{7,}", channel) else f"#{channel.lstrip('#')}"
