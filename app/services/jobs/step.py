"""What the handlers of jobs share: finding the incident, posting once, reporting a failure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.notices import Notice
from app.ports.chat import Chat, ChatError, Chats, Posted
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import incident_of
from app.services.problems import report

# How far the chat's clock may be behind ours when looking for a message of a time.
_CLOCKS_APART = timedelta(minutes=10)


@dataclass(frozen=True)
class Step:
    """A handler whose failure is put on the timeline and told to whoever leads."""

    store: Store
    chats: Chats
    clock: Clock

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        await report(uow, job, error, self.clock)

    async def incident(self, job: Job) -> Incident | None:
        """The job's incident as it is now; None when there is none any more."""
        async with self.store.read() as uow:
            return await incident_of(uow, job)


async def post_once(chat: Chat, channel: str, notice: Notice, job: Job) -> Posted:
    """Post in a channel, unless an earlier try of the job has done so."""
    return await _found(chat, channel, job) or await chat.post(channel, notice, key=job.key)


async def tell_once(chat: Chat, user: str, notice: Notice, job: Job) -> Posted:
    """Tell one person, unless an earlier try of the job has done so."""
    return await _found(chat, user, job) or await chat.tell(user, notice, key=job.key)


async def _found(chat: Chat, place: str, job: Job) -> Posted | None:
    if job.attempts <= 1:
        return None
    return await chat.find(place, job.key, since_ts=_since_ts(job))


def _since_ts(job: Job) -> str:
    owed_at = job.payload.get("owed_at")
    if owed_at is None:
        return "0"
    return f"{(datetime.fromisoformat(owed_at) - _CLOCKS_APART).timestamp():.6f}"
