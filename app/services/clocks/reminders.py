"""Reminders of notification deadlines: one message a person and incident, replaced when there is something newer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.clock_notices import ClockDue
from app.domain.clock_record import ClockMessage, ClockPhase, PhaseState, in_order
from app.domain.columns import instant
from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.notification_clock import LEVELS, Level, reminder_times
from app.domain.roles import Role
from app.ports.chat import Chat, ChatError, ChatRefused, Posted
from app.ports.store import UnitOfWork
from app.services.access import id_of, incident_of, lead_of
from app.services.clocks.rows import Law
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, tell_once
from app.services.problems import report
from app.services.reminders import promises


@dataclass(frozen=True)
class _Telling:
    """A reminder and who gets it."""

    notice: ClockDue
    legal: str
    lead: str

    def copies(self) -> dict[str, ClockDue]:
        """The notice for each person: the commander too where the reminder before went unanswered, or it is late."""
        copies = {self.legal: self.notice}
        row = self.notice.phase
        if self.notice.level is Level.LATE or (row.told is not None and row.answered != row.told):
            copies.setdefault(self.lead, replace(self.notice, unanswered=True))
        return copies


@dataclass(frozen=True)
class TellClock(Step):
    """Handler of `clock.tell`: legal (the commander while there is none) is told how far a clock has run."""

    law: Law

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. One that a later reminder has overtaken is not sent."""
        async with self.store.read() as uow:
            telling = await self._telling(uow, job)
        if telling is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        posted = {user: await tell_once(chat, user, notice, job) for user, notice in telling.copies().items()}
        return self._told(job, telling.notice.level, posted)

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """The failure is told to whoever leads; later reminders come all the same."""
        await report(uow, job, error, self.clock, what="A reminder of a notification deadline could not be sent.")

    async def _telling(self, uow: UnitOfWork, job: Job) -> _Telling | None:
        """None when it has nothing to say any more."""
        incident = await incident_of(uow, job)
        row = await uow.get(ClockPhase, int(job.payload["phase_id"]))
        level = Level(job.payload["level"])
        if incident is None or row is None or not _stands(row, job) or self._overtaken(row, level):
            return None
        return await telling_of(uow, incident, row, level, self.law)

    def _overtaken(self, row: ClockPhase, level: Level) -> bool:
        if row.started_at is None or row.due_at is None:
            return True
        times = reminder_times(row.started_at, row.due_at)
        later = [at for other, at in times.items() if LEVELS.index(other) > LEVELS.index(level)]
        return any(at <= self.clock.now() for at in later)

    def _told(self, job: Job, level: Level, posted: dict[str, Posted]) -> Finish:
        async def finish(uow: UnitOfWork) -> None:
            now = self.clock.now()
            incident = await uow.incidents.locked(job.incident_id or 0)
            row = await uow.get(ClockPhase, int(job.payload["phase_id"]))
            if row is None or not _stands(row, job):
                # It was sent, or moved, while the message was on its way.
                for one in posted.values():
                    await promises.clear_message(uow, incident, (one.channel, one.ts), now)
                return
            for old in await uow.of_incident(ClockMessage, id_of(incident)):
                if old.user in posted:
                    await promises.clear_message(uow, incident, (old.channel_id, old.ts), now)
                    await uow.delete(old)
            for user, one in posted.items():
                await uow.add(_message(incident, row, user, one))
            row.told = level

        return finish


@dataclass(frozen=True)
class ShowClocks(Step):
    """Handler of `clock.show`: reminders that stand show what still ticks, or go with the last of it."""

    law: Law

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises; a message that somebody deleted is forgotten."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            if incident is None:
                return nothing_more
            messages = await uow.of_incident(ClockMessage, id_of(incident))
            told = [one for one in in_order(list(await uow.of_incident(ClockPhase, id_of(incident)))) if one.told]
            notices = {one.id: await self._notice(uow, incident, one, told) for one in messages}
        chat = await self.chats.of(job.team)
        gone = [one.id for one in messages if not await _shown(chat, one, notices[one.id])]

        async def finish(uow: UnitOfWork) -> None:
            for message_id in gone:
                row = await uow.get(ClockMessage, message_id or 0)
                if row is not None:
                    await uow.delete(row)

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """What stands there is old, not wrong: the failure is in the job, nobody is bothered with it."""

    async def _notice(
        self, uow: UnitOfWork, incident: Incident, message: ClockMessage, told: Sequence[ClockPhase]
    ) -> ClockDue | None:
        """About the same phase while it ticks, else about the most urgent one that was told; None for none."""
        row = next((one for one in told if one.id == message.phase_id), None) or next(iter(told), None)
        if row is None or row.told is None:
            return None
        telling = await telling_of(uow, incident, row, row.told, self.law)
        return telling.copies().get(message.user, telling.notice)


async def telling_of(uow: UnitOfWork, incident: Incident, row: ClockPhase, level: Level, law: Law) -> _Telling:
    """What is told about a phase at that level, and to whom."""
    legal = (await uow.roles.holders(id_of(incident))).get(Role.LEGAL)
    lead = await lead_of(uow, incident)
    ticking = in_order(list(await uow.of_incident(ClockPhase, id_of(incident))))
    notice = ClockDue(
        incident=incident,
        phase=row,
        regime=law.knowledge.regime(row.regime),
        level=level,
        others=[one for one in ticking if one.id != row.id],
        standing_in=legal is None,
    )
    return _Telling(notice, legal.user if legal else lead, lead)


def _stands(row: ClockPhase, job: Job) -> bool:
    """Whether the deadline that the job reminds of is still the one that ticks."""
    due_at = instant(row.due_at) if row.due_at is not None else None
    return row.state is PhaseState.TICKING and due_at == job.payload["due_at"]


async def _shown(chat: Chat, message: ClockMessage, notice: ClockDue | None) -> bool:
    if notice is None:
        await chat.delete(message.channel_id, message.ts)
        return False
    try:
        await chat.update(message.channel_id, message.ts, notice)
    except ChatRefused:
        return False
    return True


def _message(incident: Incident, row: ClockPhase, user: str, posted: Posted) -> ClockMessage:
    return ClockMessage(
        team=incident.team,
        incident_id=id_of(incident),
        phase_id=row.id or 0,
        user=user,
        channel_id=posted.channel,
        ts=posted.ts,
    )
