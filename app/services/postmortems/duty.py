"""Whose task a postmortem is: begun with its first version, reminded of until it is completed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.columns import instant
from app.domain.follow_up import zone_named
from app.domain.incident import Incident, Kind
from app.domain.job import Job, Urgency
from app.domain.postmortem_notices import PostmortemWord, ReviewMoment
from app.domain.postmortem_review import PostmortemDuty, PostmortemReviewer, due_after, next_reminder
from app.ports.chat import ChatError
from app.ports.store import UnitOfWork
from app.services.access import id_of, incident_of, lead_of
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, tell_once

PLAN = "postmortem.plan"
REMIND = "postmortem.remind"
REVIEW = "postmortem.review"


async def duty_of(uow: UnitOfWork, incident: Incident) -> PostmortemDuty | None:
    """The incident's, None while it has none."""
    return next(iter(await uow.of_incident(PostmortemDuty, id_of(incident))), None)


async def owner_of(uow: UnitOfWork, incident: Incident, duty: PostmortemDuty | None) -> str:
    """Whose task it is: the one it was given to, else whoever leads."""
    return duty.owner if duty is not None and duty.owner else await lead_of(uow, incident)


async def begin(uow: UnitOfWork, incident: Incident, now: datetime, *, anew: bool = False) -> PostmortemDuty:
    """The duty of a locked incident, with its reminders planned; due `anew` when the incident has ended just now.

    One that was fulfilled is due anew in any case: the postmortem is worked on again.
    """
    duty = await duty_of(uow, incident)
    if duty is None:
        duty = PostmortemDuty(team=incident.team, incident_id=id_of(incident), due_at=due_after(now))
        await uow.add(duty)
    elif anew or duty.completed_at is not None:
        duty.completed_at = duty.completed_by = None
        duty.reason, duty.due_at = "", due_after(now)
    await plan(uow, incident, duty, now)
    return duty


async def plan(uow: UnitOfWork, incident: Incident, duty: PostmortemDuty, now: datetime) -> None:
    """Owe reminders by how things stand now; those of earlier plans come to nothing."""
    if incident.kind is not Kind.REAL or incident.open:
        return
    duty.plan += 1
    await uow.jobs.add(_job(PLAN, incident, str(duty.plan), now, {"plan": duty.plan}))


async def owe_review_word(
    uow: UnitOfWork, incident: Incident, reviewer: PostmortemReviewer, moment: ReviewMoment, now: datetime
) -> None:
    """Owe the reviewer the request, changed in place once answered; or the owner the answer."""
    at = reviewer.asked_at if moment is ReviewMoment.ASKED else reviewer.answered_at or now
    about = f"{reviewer.id}:{moment}:{int(at.timestamp())}"
    await uow.jobs.add(_job(REVIEW, incident, about, now, {"reviewer": reviewer.id, "moment": moment.value}))


@dataclass(frozen=True)
class PlanReminder(Step):
    """Handler of `postmortem.plan`: the next reminder, at nine where its owner lives; UTC where that isn't known."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            duty = await _current(uow, incident, job)
            if incident is None or duty is None:
                return nothing_more
            owner = await owner_of(uow, incident, duty)
        profile = await (await self.chats.of(job.team)).profile(owner)
        zone = profile.zone if profile is not None else ""

        async def finish(uow: UnitOfWork) -> None:
            await self._owe_next(uow, job, zone)

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """Nobody has to be told: the reminders come in the mornings of UTC."""
        await self._owe_next(uow, job, "")

    async def _owe_next(self, uow: UnitOfWork, job: Job, zone: str) -> None:
        incident = await incident_of(uow, job)
        duty = await _current(uow, incident, job)
        if incident is not None and duty is not None:
            at = next_reminder(duty.due_at, self.clock.now(), zone_named(zone))
            await uow.jobs.add(_job(REMIND, incident, f"{duty.plan}:{at:%Y%m%d}", at, {"plan": duty.plan}))


@dataclass(frozen=True)
class RemindOfPostmortem(Step):
    """Handler of `postmortem.remind`: tells its owner that it is not completed, and plans the next time."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            duty = await _current(uow, incident, job)
            newest = await uow.postmortems.latest(job.incident_id or 0)
            if incident is None or duty is None or newest is None:
                return nothing_more
            owner = await owner_of(uow, incident, duty)
        notice = PostmortemWord(incident, newest, ReviewMoment.DUE, self.clock.now(), due_at=duty.due_at)
        await tell_once(await self.chats.of(job.team), owner, notice, job)

        async def finish(uow: UnitOfWork) -> None:
            await self._go_on(uow, job)

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """The failure is told, and the next reminder is tried all the same."""
        await self._go_on(uow, job)
        await super().give_up(uow, job, error)

    async def _go_on(self, uow: UnitOfWork, job: Job) -> None:
        incident = await incident_of(uow, job)
        duty = await _current(uow, incident, job)
        if incident is not None and duty is not None:
            await plan(uow, incident, duty, self.clock.now())


@dataclass(frozen=True)
class TellReview(Step):
    """Handler of `postmortem.review`: the request to a reviewer, and their answer to the owner."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. A request that stands already is changed to how things are now."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            newest = await uow.postmortems.latest(job.incident_id or 0)
            reviewer = await uow.get(PostmortemReviewer, int(job.payload["reviewer"]))
            if incident is None or newest is None or reviewer is None:
                return nothing_more
            owner = await owner_of(uow, incident, await duty_of(uow, incident))
        moment = ReviewMoment(job.payload["moment"])
        notice = PostmortemWord(incident, newest, moment, self.clock.now(), reviewer)
        chat = await self.chats.of(job.team)
        if moment is ReviewMoment.ANSWERED:
            if owner != reviewer.user:
                await tell_once(chat, owner, notice, job)
            return nothing_more
        standing = await chat.find(reviewer.user, job.key)
        if standing is None:
            await chat.tell(reviewer.user, notice, key=job.key)
        else:
            await chat.update(standing.channel, standing.ts, notice)
        return nothing_more


async def _current(uow: UnitOfWork, incident: Incident | None, job: Job) -> PostmortemDuty | None:
    """The duty that the job was planned for; None when it is fulfilled, planned anew, or the incident goes on."""
    if incident is None or incident.open:
        return None
    duty = await duty_of(uow, incident)
    if duty is None or duty.completed_at is not None or duty.plan != job.payload["plan"]:
        return None
    return duty


def _job(kind: str, incident: Incident, about: str, due_at: datetime, payload: dict[str, object]) -> Job:
    return Job(
        team=incident.team,
        incident_id=incident.id,
        kind=kind,
        key=f"{kind}:{incident.id}:{about}",
        lock=f"{kind}:{incident.id}",
        urgency=Urgency.LATER,
        payload={**payload, "owed_at": instant(due_at)},
        due_at=due_at,
    )
