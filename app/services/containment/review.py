"""A containment is looked at again: by reading its switch, and by asking whoever leads whether it is still right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from app.domain.containment import Called, Containment, ContainmentState, Reading
from app.domain.containment_notices import ContainmentReview
from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.register import ConnectorKind
from app.ports.register import Register
from app.ports.store import UnitOfWork
from app.ports.switches import Call, Order, Switches, SwitchFailed
from app.services.access import lead_of
from app.services.containment.account import locked, looked_up, lose
from app.services.containment.owed import RECHECK, owe_review, owe_show
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, tell_once


@dataclass(frozen=True)
class ReviewContainment(Step):
    """Handler of `containment.review` and `containment.recheck`.

    A switch that no longer reads as contained is not contained any more, and whoever leads is told. Otherwise a review
    asks them whether it is still right, again and again until somebody answers; a recheck leaves it at that.
    """

    register: Register
    switches: Switches

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. A switch that can't be read now is shown as such, and stays what it was."""
        async with self.store.read() as uow:
            found = await looked_up(uow, job)
            if found is None or not _stands(found[1]):
                return nothing_more
            order = await self._order(uow, *found)
            lead = await lead_of(uow, found[0])
        incident, one = found
        read = await self._read(order) if order is not None else None
        lost = read is not None and read.ok and read.reading is Reading.NOT_CONTAINED
        if job.kind == RECHECK and not lost:
            return partial(self._seen, job, read)
        then = {"state": ContainmentState.NOT_CONTAINED} if lost else {}
        notice = ContainmentReview(incident, Containment(**(one.model_dump() | then)))
        await tell_once(await self.chats.of(job.team), lead, notice, job)
        return partial(self._seen, job, read)

    async def _order(self, uow: UnitOfWork, incident: Incident, one: Containment) -> Order | None:
        """What to ask the switch; None where nobody but a person can read it."""
        system = await self.register.system(uow, incident.team, one.system)
        switch = system.switch(one.switch) if system is not None else None
        if switch is None or switch.connector.kind is ConnectorKind.MANUAL or not one.answered:
            return None
        return Order(incident.key, one.system, switch, one.order_key)

    async def _read(self, order: Order) -> Called:
        try:
            answer = await self.switches.call(Call.VERIFY, order)
        except SwitchFailed as failed:
            return Called(self.clock.now(), Call.VERIFY, str(failed))
        return Called(self.clock.now(), Call.VERIFY, reading=answer.reading, words=answer.words)

    async def _seen(self, job: Job, read: Called | None, uow: UnitOfWork) -> None:
        found = await locked(uow, job)
        if found is None or not _stands(found[1]):
            return
        incident, one = found
        now = self.clock.now()
        if read is not None:
            one.heard([read])
            one.after = read.as_read()
            if read.ok and read.reading is Reading.NOT_CONTAINED:
                await lose(uow, incident, one, now)
                return
            one.verified_at = now if read.ok else one.verified_at
        if job.kind != RECHECK:
            one.review_due = True
            if incident.open:
                await owe_review(uow, incident, one, now)
        await owe_show(uow, incident, one, now)


def _stands(one: Containment) -> bool:
    return one.state is ContainmentState.CONTAINED and one.review_at is not None
