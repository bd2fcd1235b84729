"""Containment: a switch of the incident's system is asked for, approved, taken back, kept, or done by hand.

Nothing is called here: what is decided is committed, and a job carries it out (app.services.containment.throw).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from app.domain.containment import (
    Called,
    Containment,
    ContainmentState,
    Purpose,
    Reading,
    has_way,
)
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.incident import Incident, Kind
from app.domain.register import ConnectorKind, Switch
from app.domain.timeline import Mark
from app.journal import also_about
from app.ports.clock import Clock
from app.ports.register import Register
from app.ports.store import Store, UnitOfWork
from app.ports.switches import Switches
from app.services.access import id_of, incident_for, locked_for, may_see
from app.services.actor import Actor
from app.services.containment.account import Said, end, keep
from app.services.containment.options import Options, obstacle_to, options_of
from app.services.containment.owed import owe_review, owe_show, owe_throw
from app.services.containment.rules import (
    NOTHING_CALLED,
    must_act,
    must_be_open,
    must_hold_a_role,
    must_know_the_system,
    must_not_stand,
    switch_of,
)
from app.services.containment.start import EMERGENCY, Asked, overtake, owe_question, start
from app.services.record_keeping import short_time

REASON_MAX = 3000
Change = tuple[UnitOfWork, Incident, Containment, datetime]


@dataclass(frozen=True)
class Containments:
    """What people decide about switches."""

    store: Store
    clock: Clock
    register: Register
    switches: Switches

    async def options(self, actor: Actor, key: str) -> Options:
        """Raises NotFound."""
        async with self.store.read() as uow:
            return await options_of(uow, actor, await incident_for(uow, actor, key), (self.register, self.switches))

    async def ask(self, actor: Actor, key: str, switch_key: str, reason: str) -> Containment:
        """Ask for a switch to be thrown: at once, or when a second person agrees where the register calls it dangerous.

        Raises NotAllowed, NotFound, Invalid, or Conflict when it stands already.
        """
        given = _reason(reason)
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            must_be_open(incident)
            await must_act(uow, actor, incident, "contain a system")
            system, switch = await switch_of(uow, incident, self.register, switch_key)
            await must_not_stand(uow, incident, system, switch)
            self._must_be_possible(incident, switch)
            asked = Asked(actor, given, self.clock.now())
            return await start(uow, incident, (system, switch), asked)

    async def stop(self, actor: Actor, key: str, switch_key: str) -> Containment:
        """Emergency stop: anybody in the incident's channel, at once, without role or second person.

        Raises NotAllowed unless the register marks the switch so and the actor is there.
        """
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            must_be_open(incident)
            system, switch = await switch_of(uow, incident, self.register, switch_key)
            if not switch.emergency_stop:
                raise NotAllowed(f"The register does not mark “{switch.name}” as an emergency stop. {NOTHING_CALLED}")
            if incident.channel_id is None or actor.channel != incident.channel_id:
                raise NotAllowed(f"An emergency stop is pressed in the incident's channel. {NOTHING_CALLED}")
            await overtake(uow, incident, (system, switch), self.clock.now())
            await must_not_stand(uow, incident, system, switch)
            self._must_be_possible(incident, switch)
            asked = Asked(actor, EMERGENCY, self.clock.now(), emergency=True)
            return await start(uow, incident, (system, switch), asked)

    async def approve(self, actor: Actor, containment_id: int) -> Containment:
        """The second person agrees. Raises NotFound, NotAllowed, Conflict."""
        async with self._changing(actor, containment_id) as (uow, incident, one, now):
            _must_be(one, ContainmentState.ASKED)
            must_be_open(incident)
            if actor.user == one.asked_by:
                raise NotAllowed(f"You asked for it, so somebody else has to approve it. {NOTHING_CALLED}")
            await must_hold_a_role(uow, actor, incident, "approve it")
            one.state, one.approved_by, one.approved_at = ContainmentState.CONFIRMED, actor.user, now
            await keep(uow, incident, actor, one, Said("approved", "Approved", Mark.DECISION), now)
            await owe_throw(uow, incident, one, now)
        return one

    async def refuse(self, actor: Actor, containment_id: int) -> Containment:
        """Whoever asked, or the second person, says no. Raises NotFound, NotAllowed, Conflict."""
        async with self._changing(actor, containment_id) as (uow, incident, one, now):
            _must_be(one, ContainmentState.ASKED)
            if actor.user != one.asked_by:
                await must_hold_a_role(uow, actor, incident, "refuse it")
            one.state, one.undo_by, one.undo_at = ContainmentState.REFUSED, actor.user, now
            await keep(uow, incident, actor, one, Said("refused", "Refused", Mark.DECISION), now)
            await owe_show(uow, incident, one, now)
        return one

    async def retry(self, actor: Actor, containment_id: int) -> Containment:
        """Give the order again, under its key where nobody knows what became of it.

        A dangerous one that was done and did not last is a new order, which takes two people again.
        Raises NotFound, NotAllowed, Conflict.
        """
        async with self._changing(actor, containment_id) as (uow, incident, one, now):
            _must_be(one, ContainmentState.NOT_CONTAINED)
            if not (one.emergency and actor.channel == incident.channel_id):
                await must_act(uow, actor, incident, "try it again")
            waits = one.needs_two_again
            one.order_again()
            one.problem, one.verified_at = "", None
            if waits:
                one.state, one.asked_by, one.asked_at = ContainmentState.ASKED, actor.user, now
                one.approved_by = one.approved_at = None
            else:
                one.state = ContainmentState.CONFIRMED
            await keep(uow, incident, actor, one, Said("retried", "Asked again for", Mark.ACTION), now)
            await (owe_question if waits else owe_throw)(uow, incident, one, now)
        return one

    async def undo(self, actor: Actor, containment_id: int) -> Containment:
        """Take the switch back; verified like the throw itself. Raises NotFound, NotAllowed, Conflict."""
        async with self._changing(actor, containment_id) as (uow, incident, one, now):
            _must_be(one, ContainmentState.CONTAINED, ContainmentState.NOT_CONTAINED)
            await must_act(uow, actor, incident, "undo a containment")
            if not one.can_be_undone:
                raise Conflict(f"It never got so far that there is anything to undo. {NOTHING_CALLED}")
            one.state, one.purpose = ContainmentState.CONFIRMED, Purpose.UNDO
            one.undo_by, one.undo_at, one.problem, one.verified_at = actor.user, now, "", None
            one.by_hand = await self._undone_by_hand(uow, incident, one)
            await keep(uow, incident, actor, one, Said("undo", "Asked to undo", Mark.DECISION), now)
            await owe_throw(uow, incident, one, now)
        return one

    async def keep(self, actor: Actor, containment_id: int) -> Containment:
        """It is still right: look again after as long. Raises NotFound, NotAllowed, Conflict."""
        async with self._changing(actor, containment_id) as (uow, incident, one, now):
            _must_be(one, ContainmentState.CONTAINED)
            await must_act(uow, actor, incident, "decide whether it stays")
            one.review_at, one.review_due = await owe_review(uow, incident, one, now), False
            said = f"Looked again at {short_time(now)} and kept"
            await keep(uow, incident, actor, one, Said("kept", said, Mark.DECISION), now)
            await owe_show(uow, incident, one, now)
        return one

    async def waiting(self, actor: Actor, containment_id: int) -> tuple[Containment, Incident]:
        """One that waits for hands, and its incident. Raises NotFound, Conflict."""
        async with self.store.read() as uow:
            one, incident = await _found(uow, actor, containment_id)
        _must_wait(one)
        return one, incident

    async def shown(self, actor: Actor, containment_id: int) -> tuple[Containment, Incident]:
        """A containment and its incident. Raises NotFound."""
        async with self.store.read() as uow:
            return await _found(uow, actor, containment_id)

    async def done_by_hand(self, actor: Actor, containment_id: int, *, worked: bool, words: str) -> Containment:
        """A person acted and says what they did and saw; verified by the connector where it can be.

        Raises NotFound, NotAllowed, Invalid, Conflict.
        """
        said = _reason(words, "words")
        async with self._changing(actor, containment_id) as (uow, incident, one, now):
            _must_wait(one)
            await must_know_the_system(uow, actor, incident, one, self.register)
            problem = "" if worked else "whoever did it by hand says that it did not work"
            acted = Called(now, f"by hand, {actor.user}", problem, words=said)
            kept = acted.answer() | {"words": said}
            one.answers, one.attempts = [*one.answers, kept], one.attempts + 1
            await keep(uow, incident, actor, one, Said("by_hand", _BY_HAND[worked], Mark.ACTION, said), now)
            if worked and one.connector is not ConnectorKind.MANUAL and incident.kind is not Kind.DRILL:
                one.state = ContainmentState.VERIFYING
                await owe_throw(uow, incident, one, now)
            else:
                reading = Called(now, "by hand", reading=_as_said(one, worked), words=said)
                await end(uow, incident, one, (acted, [reading]), now)
        return one

    def _must_be_possible(self, incident: Incident, switch: Switch) -> None:
        obstacle = obstacle_to(self.switches, incident, switch)
        if obstacle:
            raise Conflict(f"“{switch.name}” can't be thrown here: {obstacle}. {NOTHING_CALLED}", field="switch")

    async def _undone_by_hand(self, uow: UnitOfWork, incident: Incident, one: Containment) -> bool:
        system = await self.register.system(uow, incident.team, one.system)
        switch = system.switch(one.switch) if system is not None else None
        return incident.kind is Kind.DRILL or switch is None or not has_way(switch.connector, Purpose.UNDO)

    @asynccontextmanager
    async def _changing(self, actor: Actor, containment_id: int) -> AsyncIterator[Change]:
        """The containment and its incident, locked, always in that order: the incident first."""
        async with self.store.read() as uow:
            _, incident = await _found(uow, actor, containment_id)
        async with self.store.write() as uow:
            incident = await uow.incidents.locked(id_of(incident))
            one = await uow.get(Containment, containment_id)
            if one is None:
                raise NotFound(f"There is no such containment. {NOTHING_CALLED}")
            yield uow, incident, one, self.clock.now()


async def _found(uow: UnitOfWork, actor: Actor, containment_id: int) -> tuple[Containment, Incident]:
    one = await uow.get(Containment, containment_id)
    incident = await uow.get(Incident, one.incident_id) if one is not None else None
    if one is None or incident is None or not await may_see(uow, actor, incident):
        raise NotFound(f"There is no such containment. {NOTHING_CALLED}")
    also_about(incident=incident.key)
    return one, incident


def _reason(given: str, field: str = "reason") -> str:
    reason = given.strip()
    if not reason:
        raise Invalid(f"Say it in a sentence: it is kept on the record. {NOTHING_CALLED}", field=field)
    if len(reason) > REASON_MAX:
        raise Invalid(f"That has {len(reason)} characters; at most {REASON_MAX} fit.", field=field)
    return reason


def _must_be(one: Containment, *wanted: ContainmentState) -> None:
    if one.state not in wanted:
        raise Conflict(f"“{one.name}” {_IS[one.state]}. {NOTHING_CALLED}")


def _must_wait(one: Containment) -> None:
    if not one.waits_for_hands:
        raise Conflict(f"“{one.name}” {_IS[one.state]}: nobody has to do it by hand now. {NOTHING_CALLED}")


def _as_said(one: Containment, worked: bool) -> Reading:
    """What a person's word makes of it; what did not work reads as before."""
    return Reading.CONTAINED if worked is (one.purpose is Purpose.CONTAIN) else Reading.NOT_CONTAINED


_BY_HAND = {True: "Carried out by hand", False: "Tried by hand, without success,"}
_IS = {
    ContainmentState.ASKED: "waits for a second person",
    ContainmentState.CONFIRMED: "is being carried out",
    ContainmentState.ACTING: "is being carried out",
    ContainmentState.VERIFYING: "is being verified",
    ContainmentState.CONTAINED: "is in force",
    ContainmentState.NOT_CONTAINED: "is not in force",
    ContainmentState.UNDONE: "was undone",
    ContainmentState.REFUSED: "was refused",
}
