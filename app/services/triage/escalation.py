"""Bringing people into an incident, and asking the next one when they stay silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.audit import AuditRecord
from app.domain.columns import instant
from app.domain.errors import Invalid
from app.domain.escalation import ANSWER_MINUTES, Candidate
from app.domain.incident import Incident
from app.domain.job import Job, Urgency
from app.domain.triage_notices import BroughtIn, NoAnswer
from app.ports.chat import ChatError, Chats
from app.ports.clock import Clock
from app.ports.register import NO_REGISTER, Register
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_of, lead_of, locked_for
from app.services.actor import Actor
from app.services.jobs.owed import Effect, owe
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import tell_once
from app.services.problems import report
from app.services.record_keeping import keep_act, keep_audit
from app.services.suggestions.first_report import words_of
from app.services.triage.packs import INVITED, advice, owe_pack_again
from app.services.triage.parts import neighbourhood

TELL = "escalation.tell"
CHECK = "escalation.check"
ANSWERED = "escalation.answered"


@dataclass(frozen=True)
class Escalation:
    """Brings people in."""

    store: Store
    clock: Clock
    register: Register = NO_REGISTER

    async def bring_in(self, actor: Actor, key: str, user: str) -> Incident:
        """Invite a person to the incident's channel, tell them why, and see to it that somebody answers.

        Raises NotFound, and Invalid when the incident is over.
        """
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            if not incident.open:
                raise Invalid(f"{incident.key} is {incident.status.value}: nobody needs to be brought in any more.")
            now = self.clock.now()
            reasons = await self._reasons(uow, incident, user)
            minutes = ANSWER_MINUTES[incident.severity]
            await keep_act(uow, incident, actor, now, (INVITED, f"user:{user}"), f"Brought in <@{user}>.")
            await owe(uow, incident, Effect.ROOM_INVITE, now, about=user, payload={"users": [user]})
            payload = {"user": user, "by": actor.user, "reasons": reasons, "minutes": minutes, "owed_at": instant(now)}
            await owe_pack_again(uow, incident, now)
            await _owe(uow, incident, TELL, user, payload, now)
            await _owe(uow, incident, CHECK, user, payload, now + timedelta(minutes=minutes))
        return incident

    async def answer(self, actor: Actor, key: str) -> Incident:
        """Somebody who was brought in says that they are there. Raises NotFound."""
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            now = self.clock.now()
            await keep_act(uow, incident, actor, now, (ANSWERED, f"user:{actor.user}"), "Is on it.")
        return incident

    async def _reasons(self, uow: UnitOfWork, incident: Incident, user: str) -> Sequence[str]:
        people = await _people(uow, incident, self.register)
        return next((list(one.reasons) for one in people if one.user == user), [])


@dataclass(frozen=True)
class TellBroughtIn:
    """escalation.tell: to the person, privately."""

    store: Store
    chats: Chats
    clock: Clock

    async def perform(self, job: Job) -> Finish:
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
        if incident is None or not incident.open:
            return nothing_more
        told = job.payload
        notice = BroughtIn(incident, told["by"], told["reasons"], told["minutes"])
        await tell_once(await self.chats.of(job.team), told["user"], notice, job)
        return nothing_more

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        await report(uow, job, error, self.clock)


@dataclass(frozen=True)
class CheckAnswer:
    """escalation.check: when nothing was heard of the person, whoever leads is told, with the next one to ask."""

    store: Store
    chats: Chats
    clock: Clock
    register: Register = NO_REGISTER

    async def perform(self, job: Job) -> Finish:
        told = job.payload
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            if incident is None or not incident.open:
                return nothing_more
            since = datetime.fromisoformat(told["owed_at"])
            if await _heard_of(uow, incident, told["user"], since):
                return nothing_more
            people = await _people(uow, incident, self.register)
            lead = await lead_of(uow, incident)
        notice = NoAnswer(incident, told["user"], told["minutes"], people[0] if people else None)
        await tell_once(await self.chats.of(job.team), lead, notice, job)

        async def finish(uow: UnitOfWork) -> None:
            actor = Actor(incident.team, lead, operator=True)
            about = ("escalation.unanswered", f"user:{told['user']}")
            await keep_audit(uow, incident, actor, self.clock.now(), about, {"told": lead})

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        await report(uow, job, error, self.clock)


async def _heard_of(uow: UnitOfWork, incident: Incident, user: str, since: datetime) -> bool:
    """True when the person said or did something in the incident since, or has a role in it."""
    if any(one.user == user for one in (await uow.roles.holders(id_of(incident))).values()):
        return True
    return any(one.author == user and one.at >= since for one in await uow.timeline.entries(id_of(incident)))


async def _people(uow: UnitOfWork, incident: Incident, register: Register) -> Sequence[Candidate]:
    around = await neighbourhood(uow, incident, register)
    found = await uow.similar.find(incident.team, await words_of(uow, incident), apart_from=id_of(incident))
    return (await advice(uow, incident, around, found))[0]


async def _acts(uow: UnitOfWork, incident: Incident, action: str) -> Sequence[AuditRecord]:
    return [one for one in await uow.audit(id_of(incident)) if one.action == action]


async def _owe(
    uow: UnitOfWork, incident: Incident, kind: str, user: str, payload: dict[str, object], due_at: datetime
) -> None:
    await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=kind,
            key=f"{incident.key}:{kind}:{user}",
            urgency=Urgency.NOW if kind == TELL else Urgency.SOON,
            payload=payload,
            due_at=due_at,
        )
    )
