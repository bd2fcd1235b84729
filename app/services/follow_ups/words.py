"""What people are told of follow-ups, and when: planned in the owner's mornings, and shown as they then stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.columns import instant
from app.domain.follow_up import FollowUp, Moment, next_reminder, zone_named
from app.domain.follow_up_notices import FollowUpWord
from app.domain.incident import Incident
from app.domain.job import Job, Urgency
from app.journal import also_about
from app.ports.chat import Chat, ChatError, ChatRefused, Posted
from app.ports.store import UnitOfWork
from app.services.access import incident_of, lead_of
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, tell_once
from app.services.problems import report

PLAN = "follow_up.plan"
WORD = "follow_up.word"
SHOW = "follow_up.show"


async def owe_plan(uow: UnitOfWork, incident: Incident, follow_up: FollowUp, now: datetime) -> None:
    """Owe a look at when its owner is to be reminded next; reminders of earlier plans come to nothing."""
    await uow.jobs.add(_job(PLAN, incident, follow_up, now, about=str(follow_up.plan)))


async def owe_word(uow: UnitOfWork, incident: Incident, follow_up: FollowUp, now: datetime) -> None:
    """Owe its new owner word of it."""
    about = f"{follow_up.plan}:{Moment.GIVEN}"
    await uow.jobs.add(_job(WORD, incident, follow_up, now, about=about, moment=Moment.GIVEN))


async def owe_show(uow: UnitOfWork, incident: Incident, follow_up: FollowUp, now: datetime) -> None:
    """Owe that the last word about it shows how it then stands."""
    if follow_up.ts is not None:
        await uow.jobs.add(_job(SHOW, incident, follow_up, now))


@dataclass(frozen=True)
class _Found:
    """A follow-up with what is needed to speak of it."""

    follow_up: FollowUp
    incident: Incident
    lead: str

    @property
    def reader(self) -> str:
        """Its owner; whoever leads while it has none."""
        return self.follow_up.owner or self.lead

    def word(self, moment: Moment, now: datetime, zone: str, reader: str | None = None) -> FollowUpWord:
        """What `reader` (None: the usual one) is told now, where it is `zone`."""
        today = now.astimezone(zone_named(zone)).date()
        return FollowUpWord(self.incident, self.follow_up, moment, today, reader or self.reader)


@dataclass(frozen=True)
class PlanFollowUp(Step):
    """Handler of `follow_up.plan`: the next reminder, at nine where its reader lives; UTC where that isn't known."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises."""
        found = await _current(self, job)
        if found is None:
            return nothing_more
        zone = await _zone(await self.chats.of(job.team), found.reader)

        async def finish(uow: UnitOfWork) -> None:
            await self._owe_next(uow, job, zone)

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """Nobody has to be told: the reminders come in the mornings of UTC."""
        await self._owe_next(uow, job, "")

    async def _owe_next(self, uow: UnitOfWork, job: Job, zone: str) -> None:
        incident, follow_up = await _both(uow, job)
        if incident is None or follow_up is None or not follow_up.open or follow_up.plan != job.payload["plan"]:
            return
        moment, at = next_reminder(follow_up.due_on, follow_up.created_at, self.clock.now(), zone_named(zone))
        about = f"{follow_up.plan}:{at:%Y%m%d}"
        await uow.jobs.add(_job(WORD, incident, follow_up, at, about=about, moment=moment, zone=zone))


@dataclass(frozen=True)
class TellFollowUp(Step):
    """Handler of `follow_up.word`: tells its reader, in place of what they were told before."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. Once overdue, whoever leads is told as well, one time."""
        found = await _current(self, job)
        if found is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        moment, now = Moment(job.payload["moment"]), self.clock.now()
        zone = str(job.payload.get("zone") or "")
        posted = await tell_once(chat, found.reader, found.word(moment, now, zone), job)
        told_lead = moment is Moment.OVERDUE and found.follow_up.lead_told_at is None
        if told_lead and found.lead != found.reader:
            await tell_once(chat, found.lead, found.word(moment, now, zone, found.lead), job)
        await _take_away(chat, found.follow_up, posted)

        async def finish(uow: UnitOfWork) -> None:
            incident, follow_up = await _both(uow, job)
            if incident is None or follow_up is None:
                return
            follow_up.channel_id, follow_up.ts = posted.channel, posted.ts
            if told_lead:
                follow_up.lead_told_at = now
            if not follow_up.open or follow_up.plan != job.payload["plan"]:
                # It was finished or changed while the message was on its way.
                await owe_show(uow, incident, follow_up, now)
            await self._go_on(uow, job, incident, follow_up)

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """The failure is told, and the next reminder is tried all the same."""
        incident, follow_up = await _both(uow, job)
        if follow_up is not None and incident is not None:
            await self._go_on(uow, job, incident, follow_up)
        await report(uow, job, error, self.clock)

    async def _go_on(self, uow: UnitOfWork, job: Job, incident: Incident, follow_up: FollowUp) -> None:
        if job.payload["moment"] != Moment.GIVEN and follow_up.plan == job.payload["plan"]:
            await owe_plan(uow, incident, follow_up, self.clock.now())


@dataclass(frozen=True)
class ShowFollowUp(Step):
    """Handler of `follow_up.show`: the last word about it, changed in place."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises; a message that is gone stays gone."""
        found = await _found(self, job)
        if found is None or found.follow_up.channel_id is None or found.follow_up.ts is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        try:
            notice = found.word(Moment.DUE, self.clock.now(), "")
            await chat.update(found.follow_up.channel_id, found.follow_up.ts, notice)
        except ChatRefused as error:
            also_about(code=error.code)
        return nothing_more


async def _take_away(chat: Chat, follow_up: FollowUp, posted: Posted) -> None:
    """Delete the earlier word of it where the new one stands: one message a follow-up is enough."""
    if follow_up.channel_id != posted.channel or follow_up.ts in (None, posted.ts):
        return
    try:
        await chat.delete(posted.channel, follow_up.ts or "")
    except ChatRefused as error:
        also_about(code=error.code)


async def _both(uow: UnitOfWork, job: Job) -> tuple[Incident | None, FollowUp | None]:
    """The incident and the follow-up of the job, locked in the order in which everybody locks them."""
    return await incident_of(uow, job), await uow.get(FollowUp, int(job.payload["follow_up_id"]))


async def _current(step: Step, job: Job) -> _Found | None:
    """What the job is about; None when it is over, or was planned anew since."""
    found = await _found(step, job)
    if found is None or not found.follow_up.open or found.follow_up.plan != job.payload["plan"]:
        return None
    return found


async def _found(step: Step, job: Job) -> _Found | None:
    async with step.store.read() as uow:
        follow_up = await uow.get(FollowUp, int(job.payload["follow_up_id"]))
        incident = await uow.get(Incident, follow_up.incident_id) if follow_up is not None else None
        if follow_up is None or incident is None:
            return None
        also_about(incident=incident.key)
        return _Found(follow_up, incident, await lead_of(uow, incident))


async def _zone(chat: Chat, user: str) -> str:
    profile = await chat.profile(user)
    return profile.zone if profile is not None else ""


def _job(
    kind: str, incident: Incident, follow_up: FollowUp, due_at: datetime, *, about: str = "", **payload: Any
) -> Job:
    return Job(
        team=incident.team,
        incident_id=incident.id,
        kind=kind,
        key=":".join(part for part in (kind, str(follow_up.id), about) if part),
        lock=f"follow_up:{follow_up.id}",
        urgency=Urgency.LATER,
        payload={"follow_up_id": follow_up.id, "plan": follow_up.plan, "owed_at": instant(due_at), **payload},
        due_at=due_at,
    )
