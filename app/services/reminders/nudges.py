"""Nudges: what people are told of a promised update before it is due, when it is due and when it is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.incident import Incident, Severity
from app.domain.job import Job
from app.domain.notices import UpdateDue, UpdateLate, UpdateSoon
from app.domain.reminder import Reminder, ReminderKind, ReminderState, grace_after
from app.domain.roles import Role
from app.journal import also_about
from app.ports.chat import Chat, ChatError, ChatRefused, Posted
from app.ports.clock import Clock
from app.ports.observer import UNWATCHED, Observer
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, lead_of, may_see
from app.services.actor import Actor
from app.services.jobs.owed import owe_refresh
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, post_once, tell_once
from app.services.problems import report
from app.services.record_keeping import keep_act, short_time
from app.services.reminders import promises

SNOOZE_MAX_MINUTES = 24 * 60
_STALE = "That reminder is no longer current: the update was published, moved or resolved since. Nothing was changed."


@dataclass(frozen=True)
class Nudges:
    """What people answer to a nudge. `cadence`: minutes by severity."""

    store: Store
    clock: Clock
    cadence: Mapping[Severity, int]

    async def snooze(self, actor: Actor, reminder_id: int, minutes: int | None = None) -> Incident:
        """Move this promise alone, by `minutes` (None: half a cadence, at most 15).

        Raises NotFound, Invalid, or Conflict when the reminder is no longer current.
        """
        if minutes is not None and not 1 <= minutes <= SNOOZE_MAX_MINUTES:
            raise Invalid(f"Snooze for 1 to {SNOOZE_MAX_MINUTES} minutes. Nothing was changed.")
        now = self.clock.now()
        async with self.store.write() as uow:
            reminder, incident = await _current(uow, actor, reminder_id)
            period = promises.cadence(self.cadence, incident.severity)
            by = minutes or max(1, min(15, period // 2))
            await promises.snooze(uow, incident, reminder, by, now, period)
            due_at = incident.next_update_at or now
            text = f"Snoozed the next update by {by} min: it is now promised for {short_time(due_at)}."
            await keep_act(uow, incident, actor, now, ("reminder.snoozed", f"reminder:{reminder_id}"), text)
            await owe_refresh(uow, incident, now)
        return incident

    async def dismiss(self, actor: Actor, reminder_id: int) -> Incident:
        """End the nudges of this promise; the promised time stands. Raises like `snooze`."""
        now = self.clock.now()
        async with self.store.write() as uow:
            reminder, incident = await _current(uow, actor, reminder_id)
            await promises.dismiss(uow, incident, reminder, now)
            due_at = incident.next_update_at or reminder.due_at
            text = f"Dismissed the reminders of the update promised for {short_time(due_at)}."
            await keep_act(uow, incident, actor, now, ("reminder.dismissed", f"reminder:{reminder_id}"), text)
        return incident


@dataclass(frozen=True)
class _Standing:
    """A reminder that is about to fire, and what it needs to know."""

    reminder: Reminder
    incident: Incident
    siblings: Sequence[Reminder]
    comms: str | None
    lead: str

    @property
    def due_at(self) -> datetime:
        """When the update was promised for."""
        return self.incident.next_update_at or self.reminder.due_at

    def sent(self, kind: ReminderKind) -> list[Reminder]:
        """Reminders of that kind whose message stands, of the same promise."""
        return [one for one in self.siblings if one.kind is kind and one.ts and one.channel_id]


@dataclass(frozen=True)
class FireReminder(Step):
    """Handler of `reminder.fire`: tells whom the reminder is for, once. `cadence`: minutes by severity."""

    cadence: Mapping[Severity, int]
    observer: Observer = UNWATCHED

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. One whose time has been overtaken by the next kind is not sent."""
        reminder_id = int(job.payload["reminder_id"])
        async with self.store.read() as uow:
            standing = await _standing(uow, reminder_id)
        if standing is None:
            return nothing_more
        now = self.clock.now()
        kind = standing.reminder.kind
        if kind is ReminderKind.UPDATE_BEFORE and now >= standing.due_at:
            return self._overtaken(reminder_id)
        chat = await self.chats.of(job.team)
        if kind is ReminderKind.UPDATE_BEFORE:
            posted = await _tell_soon(chat, standing, job)
        elif kind is ReminderKind.UPDATE_DUE:
            posted = await self._tell_due(chat, standing, job)
        else:
            posted = await self._tell_late(chat, standing, job)
        self.observer.reminded(kind, (self.clock.now() - standing.reminder.due_at).total_seconds())
        return self._fired(reminder_id, posted)

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """The failure is told; a late update is reminded of again after the next period."""
        reminder = await uow.get(Reminder, int(job.payload["reminder_id"]))
        if reminder is not None and reminder.state is ReminderState.PENDING:
            incident = await uow.incidents.locked(reminder.incident_id)
            reminder.state = ReminderState.CANCELLED
            await self._again(uow, incident, reminder)
        await report(uow, job, error, self.clock)

    async def _tell_due(self, chat: Chat, standing: _Standing, job: Job) -> Posted:
        incident = standing.incident
        period = promises.cadence(self.cadence, incident.severity)
        late = self.clock.now() >= standing.due_at + grace_after(period)
        notice = UpdateDue(incident, standing.due_at, int(job.payload["reminder_id"]), late=late)
        if incident.channel_id is None:
            return await tell_once(chat, standing.comms or standing.lead, notice, job)
        return await post_once(chat, incident.channel_id, notice, job)

    async def _tell_late(self, chat: Chat, standing: _Standing, job: Job) -> Posted:
        for due in standing.sent(ReminderKind.UPDATE_DUE):
            await _show_late(chat, standing, due)
        minutes_late = int((self.clock.now() - standing.due_at).total_seconds() // 60)
        notice = UpdateLate(standing.incident, standing.due_at, int(job.payload["reminder_id"]), minutes_late)
        return await tell_once(chat, standing.lead, notice, job)

    def _overtaken(self, reminder_id: int) -> Finish:
        async def finish(uow: UnitOfWork) -> None:
            reminder = await uow.get(Reminder, reminder_id)
            if reminder is not None and reminder.state is ReminderState.PENDING:
                reminder.state = ReminderState.CANCELLED

        return finish

    def _fired(self, reminder_id: int, posted: Posted) -> Finish:
        async def finish(uow: UnitOfWork) -> None:
            reminder = await uow.get(Reminder, reminder_id)
            if reminder is None:
                return
            now = self.clock.now()
            incident = await uow.incidents.locked(reminder.incident_id)
            if reminder.state is not ReminderState.PENDING:
                # It was published, snoozed or resolved while the message was on its way.
                await promises.clear_message(uow, incident, (posted.channel, posted.ts), now)
                return
            await _replace_earlier(uow, incident, reminder, now)
            reminder.state, reminder.fired_at = ReminderState.FIRED, now
            reminder.channel_id, reminder.ts = posted.channel, posted.ts
            await self._again(uow, incident, reminder)

        return finish

    async def _again(self, uow: UnitOfWork, incident: Incident, reminder: Reminder) -> None:
        """After a late reminder, the next one: a whole number of periods on, and still to come."""
        if reminder.kind is not ReminderKind.UPDATE_LATE or not incident.open:
            return
        period = timedelta(minutes=promises.cadence(self.cadence, incident.severity))
        passed = max(0, (self.clock.now() - reminder.due_at) // period)
        await promises.add_reminders(uow, incident, {ReminderKind.UPDATE_LATE: reminder.due_at + period * (passed + 1)})


@dataclass(frozen=True)
class ClearNudge(Step):
    """Handler of `nudge.clear`: takes a nudge's message away."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. A message named by its key is looked for first."""
        chat = await self.chats.of(job.team)
        channel, ts = str(job.payload["channel"]), job.payload.get("ts")
        if ts is None:
            found = await chat.find(channel, str(job.payload["find"]))
            if found is None:
                return nothing_more
            channel, ts = found.channel, found.ts
        await chat.delete(channel, str(ts))
        return nothing_more

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """An old nudge stays to be seen; the failure is in the job, nobody is bothered with it."""


async def _current(uow: UnitOfWork, actor: Actor, reminder_id: int) -> tuple[Reminder, Incident]:
    """A reminder whose message stands, with its incident, locked. Raises NotFound, Conflict."""
    reminder = await uow.get(Reminder, reminder_id)
    incident = await uow.get(Incident, reminder.incident_id) if reminder is not None else None
    if reminder is None or incident is None or not await may_see(uow, actor, incident):
        raise NotFound("There is no such reminder. Nothing was changed.")
    also_about(incident=incident.key)
    incident = await uow.incidents.locked(id_of(incident))
    reminder = await uow.get(Reminder, reminder_id) or reminder
    if reminder.state is ReminderState.SNOOZED:
        raise Conflict("That reminder was snoozed already. Nothing more was changed.")
    if reminder.state is ReminderState.DISMISSED:
        raise Conflict("That reminder was dismissed already. Nothing more was changed.")
    if reminder.state is not ReminderState.FIRED or reminder.ts is None or reminder.promise != incident.promise:
        raise Conflict(_STALE)
    return reminder, incident


async def _standing(uow: UnitOfWork, reminder_id: int) -> _Standing | None:
    """The reminder with what surrounds it; None when it has nothing to say any more."""
    reminder = await uow.get(Reminder, reminder_id)
    if reminder is None or reminder.state is not ReminderState.PENDING:
        return None
    incident = await uow.get(Incident, reminder.incident_id)
    if incident is None or not incident.open or reminder.promise != incident.promise:
        return None
    also_about(incident=incident.key)
    comms = (await uow.roles.holders(id_of(incident))).get(Role.COMMS)
    siblings = [one for one in await uow.reminders.all(id_of(incident)) if one.promise == reminder.promise]
    return _Standing(reminder, incident, siblings, comms.user if comms else None, await lead_of(uow, incident))


async def _tell_soon(chat: Chat, standing: _Standing, job: Job) -> Posted:
    reminder_id = int(job.payload["reminder_id"])
    notice = UpdateSoon(standing.incident, standing.due_at, reminder_id, standing_in=standing.comms is None)
    return await tell_once(chat, standing.comms or standing.lead, notice, job)


async def _show_late(chat: Chat, standing: _Standing, due: Reminder) -> None:
    if due.id is None or due.channel_id is None or due.ts is None:
        return
    try:
        await chat.update(due.channel_id, due.ts, UpdateDue(standing.incident, standing.due_at, due.id, late=True))
    except ChatRefused:
        # Somebody removed the nudge from the channel: whoever leads is told all the same.
        return


async def _replace_earlier(uow: UnitOfWork, incident: Incident, reminder: Reminder, now: datetime) -> None:
    """Nudges of one promise replace each other: the private ones go when the next is sent."""
    for other in await uow.reminders.all(id_of(incident)):
        private = other.kind is not ReminderKind.UPDATE_DUE
        if other.id != reminder.id and private and other.channel_id and other.ts:
            await promises.clear_message(uow, incident, (other.channel_id, other.ts), now)
            other.channel_id = other.ts = None
