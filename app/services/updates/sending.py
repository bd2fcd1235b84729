"""A published update on its way into its audience's own channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.columns import instant
from app.domain.incident import Incident, Kind
from app.domain.job import Job, Urgency
from app.domain.status_update import Audience, StatusUpdate
from app.domain.update_notices import UpdateForAudience
from app.journal import also_about
from app.ports.chat import ChatError
from app.ports.store import UnitOfWork
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, post_once
from app.services.problems import report
from app.services.updates.posts import owe_publication

SEND = "update.send"


def channel_for(channels: Mapping[Audience, str], incident: Incident, audience: Audience) -> str | None:
    """Where the audience reads; None without a channel, and for incidents of which nothing leaves their own channel.

    Those are the restricted ones, and whatever isn't real: nobody outside is to take a drill for an incident.
    """
    return channels.get(audience) if incident.kind is Kind.REAL and not incident.restricted else None


async def owe_sending(uow: UnitOfWork, incident: Incident, update: StatusUpdate, now: datetime, channel: str) -> None:
    """Owe the published update in `channel`, a name or an ID."""
    await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=SEND,
            key=f"{SEND}:{update.id}",
            lock=f"update:{update.id}:sent",
            urgency=Urgency.NOW,
            payload={"update_id": update.id, "channel": channel, "owed_at": instant(now)},
            due_at=now,
        )
    )


@dataclass(frozen=True)
class SendUpdate(Step):
    """Handler of `update.send`."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises."""
        async with self.store.read() as uow:
            update = await uow.get(StatusUpdate, int(job.payload["update_id"]))
            incident = await uow.get(Incident, update.incident_id) if update is not None else None
            if update is None or incident is None or incident.restricted or update.sent_ts is not None:
                return nothing_more
            also_about(incident=incident.key)
            cited = {number for lines in update.sections.values() for line in lines for number in line["citations"]}
            links = await uow.timeline.permalinks(cited)
        chat = await self.chats.of(job.team)
        posted = await post_once(chat, job.payload["channel"], UpdateForAudience(incident, update, links), job)
        now = self.clock.now()

        async def finish(uow: UnitOfWork) -> None:
            sent = await uow.get(StatusUpdate, int(job.payload["update_id"]))
            if sent is not None and incident is not None:
                sent.sent_channel_id, sent.sent_ts = posted.channel, posted.ts
                await owe_publication(uow, incident, sent, now)

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        where = job.payload["channel"]
        named = f"<#{where}>" if re.fullmatch(r"[CG][A-Z0-9]{7,}", where) else f"#{where}"
        what = f"The published update could not be posted in {named}; it stands in the incident's channel."
        await report(uow, job, error, self.clock, what=what)
