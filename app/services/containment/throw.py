"""The throw itself: read, act, verify, under one idempotency key however often it is begun; and its message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape

import structlog

from app.domain.containment import (
    UNDER_WAY,
    WANTED,
    Called,
    Containment,
    ContainmentState,
    Purpose,
    fingerprint,
)
from app.domain.containment_notices import ContainmentShown
from app.domain.incident import Incident
from app.domain.job import Job
from app.ports.chat import ChatError, ChatRefused
from app.ports.register import Register
from app.ports.store import UnitOfWork
from app.ports.switches import Call, Order, Switches, SwitchFailed
from app.services.containment.account import end, locked, looked_up
from app.services.containment.owed import owe_recheck, owe_show
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, post_once, tell_once
from app.services.room.card import GONE

log = structlog.get_logger(__name__)

TRIES = 2
READINGS = 2
# How many other incidents of a system are looked at when one of them takes a switch back.
OTHERS = 50
Others = Sequence[tuple[Incident, Containment]]


@dataclass(frozen=True)
class _Throw:
    """What is to be done now. `order` None: it can't be given any more, and `problem` says why."""

    id: int
    purpose: Purpose
    order: Order | None
    problem: str = ""
    acts: bool = True
    reads_before: bool = False


@dataclass(frozen=True)
class ThrowSwitch(Step):
    """Handler of `containment.act`: commits that it acts, acts, verifies, and writes what it came to.

    A process that dies on the way leaves the state that it had committed; whoever takes the job over gives the same
    order again under the same key.
    """

    register: Register
    switches: Switches

    async def perform(self, job: Job) -> Finish:
        """Connectors that fail are an outcome here, not an error."""
        throw = await self._begun(job)
        if throw is None:
            return nothing_more
        if throw.order is None:
            return partial(self._ended, job, Called(self.clock.now(), Call.ACT, throw.problem), (), ())
        if throw.reads_before:
            before = await self._called(Call.VERIFY, throw.order)
            await self._note(job, [before], before=before)
        acted = await self._acted(job, throw, throw.order) if throw.acts else Called(self.clock.now(), "by hand")
        readings = await self._read(job, throw, throw.order, READINGS if acted.ok else 1)
        others = await self._others(job, throw.order) if throw.purpose is Purpose.UNDO else ()
        return partial(self._ended, job, acted, readings, others)

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """Whatever broke, nobody knows that it is contained."""
        broken = Called(self.clock.now(), Call.ACT, f"the app broke on the way ({error.code})")
        await self._ended(job, broken, (), (), uow)

    async def _begun(self, job: Job) -> _Throw | None:
        """Commit that it acts. None when there is nothing to do, or only something by hand."""
        async with self.store.write() as uow:
            found = await locked(uow, job)
            if found is None or found[1].state not in UNDER_WAY:
                return None
            incident, one = found
            now = self.clock.now()
            if one.by_hand and one.state is not ContainmentState.VERIFYING:
                one.state = ContainmentState.ACTING
                await owe_show(uow, incident, one, now)
                return None
            throw = await self._throw(uow, incident, one)
            if throw.acts and throw.order is not None:
                one.state, one.attempts = ContainmentState.ACTING, one.attempts + 1
                await owe_show(uow, incident, one, now)
            return throw

    async def _throw(self, uow: UnitOfWork, incident: Incident, one: Containment) -> _Throw:
        containment_id = one.id or 0
        system = await self.register.system(uow, incident.team, one.system)
        switch = system.switch(one.switch) if system is not None else None
        if system is None or switch is None:
            return _Throw(containment_id, one.purpose, None, "its switch is no longer in the register")
        if one.purpose is Purpose.CONTAIN and fingerprint(switch) != one.fingerprint:
            changed = "its switch was changed in the register since it was confirmed"
            return _Throw(containment_id, one.purpose, None, changed)
        reason = "" if incident.restricted else unescape(one.reason)
        order = Order(incident.key, system.key, switch, one.order_key, reason)
        reads_before = one.before is None and one.purpose is Purpose.CONTAIN
        return _Throw(containment_id, one.purpose, order, acts=not one.by_hand, reads_before=reads_before)

    async def _acted(self, job: Job, throw: _Throw, order: Order) -> Called:
        call = Call.UNDO if throw.purpose is Purpose.UNDO else Call.ACT
        tried: list[Called] = []
        for _ in range(TRIES):
            acted, again = await self._tried(call, order)
            tried.append(acted)
            if not again:
                break
        await self._note(job, tried, verifying=True)
        return tried[-1]

    async def _read(self, job: Job, throw: _Throw, order: Order, times: int) -> Sequence[Called]:
        """Read it so often, and no more once it reads wrong: a system whose parts disagree is not contained."""
        readings: list[Called] = []
        for _ in range(times):
            readings.append(await self._called(Call.VERIFY, order))
            if not readings[-1].ok or readings[-1].reading is not WANTED[throw.purpose]:
                break
        await self._note(job, readings)
        return readings

    async def _called(self, call: Call, order: Order) -> Called:
        return (await self._tried(call, order))[0]

    async def _tried(self, call: Call, order: Order) -> tuple[Called, bool]:
        try:
            answer = await self.switches.call(call, order)
        except SwitchFailed as failed:
            log.warning("switch_failed", system=order.system, switch=order.switch.key, call=call, why=str(failed))
            return Called(self.clock.now(), call, str(failed)), failed.again
        log.info("switch_answered", system=order.system, switch=order.switch.key, call=call, reading=answer.reading)
        return Called(self.clock.now(), call, reading=answer.reading, words=answer.words), False

    async def _note(
        self, job: Job, called: Sequence[Called], *, before: Called | None = None, verifying: bool = False
    ) -> None:
        async with self.store.write() as uow:
            found = await locked(uow, job)
            if found is None:
                return
            incident, one = found
            one.heard(called)
            if before is not None:
                one.before = before.as_read()
            if verifying:
                one.state = ContainmentState.VERIFYING
                await owe_show(uow, incident, one, self.clock.now())

    async def _others(self, job: Job, order: Order) -> Others:
        """What contains the same switch for other incidents: taking it back took it from them as well."""
        async with self.store.read() as uow:
            incidents = await uow.incidents.of_system(job.team, order.system, limit=OTHERS)
            return [
                (incident, one)
                for incident in incidents
                if incident.id != job.incident_id
                for one in await uow.of_incident(Containment, incident.id or 0)
                if one.switch == order.switch.key and one.state is ContainmentState.CONTAINED
            ]

    async def _ended(
        self, job: Job, acted: Called, readings: Sequence[Called], others: Others, uow: UnitOfWork
    ) -> None:
        found = await locked(uow, job)
        if found is not None and found[1].state in UNDER_WAY:
            await end(uow, *found, (acted, readings), self.clock.now())
            for other in others:
                await owe_recheck(uow, *other, self.clock.now())


class TellContainment(Step):
    """Handler of `containment.tell`: the same to one person, privately, while it still stands so."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises."""
        async with self.store.read() as uow:
            found = await looked_up(uow, job)
        if found is not None and found[1].state == job.payload["state"]:
            await tell_once(
                await self.chats.of(job.team), job.payload["user"], ContainmentShown(*found, private=True), job
            )
        return nothing_more


class ShowContainment(Step):
    """Handler of `containment.show`: the one message, posted once and then changed in place."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. A message that somebody deleted is posted anew."""
        async with self.store.read() as uow:
            found = await looked_up(uow, job)
        if found is None or found[0].channel_id is None:
            return nothing_more
        incident, one = found
        chat, notice = await self.chats.of(job.team), ContainmentShown(incident, one)
        if one.message_ts is not None:
            try:
                await chat.update(incident.channel_id or "", one.message_ts, notice)
                return nothing_more
            except ChatRefused as error:
                if error.code not in GONE:
                    raise
        posted = await post_once(chat, incident.channel_id or "", notice, job)
        return partial(self._keep, job, posted.ts)

    async def _keep(self, job: Job, ts: str, uow: UnitOfWork) -> None:
        found = await locked(uow, job)
        if found is not None:
            found[1].message_ts = ts
            if job.attempts > 1:
                # What was found may have been posted before the last change.
                await owe_show(uow, *found, self.clock.now())
