"""The services around an incident's room, wired to a real store and a chat in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.domain.incident import Incident, Severity
from app.domain.job import Job
from app.domain.timeline import TimelineEntry
from app.ports.store import Store
from app.services.access import id_of
from app.services.actor import Actor
from app.services.board import Board
from app.services.declare import Declaration, Declare
from app.services.jobs.handlers import room_handlers
from app.services.jobs.runner import Finish, Runner, nothing_more
from app.services.lifecycle import Lifecycle
from app.services.problems import Problems
from app.services.roles import Roles
from tests.services.chat_double import ChatDouble, Room
from tests.services.set_clock import SetClock

LEASE = timedelta(seconds=30)
ANA = Actor("T1", "U1")
BEN = Actor("T1", "U2")
MEI = Actor("T1", "U3")


class _Elsewhere:
    """Stands for the jobs of other parts: they are done at once."""

    async def perform(self, _job: Job) -> Finish:
        return nothing_more

    async def give_up(self, *_: object) -> None: ...


@dataclass
class Response:
    store: Store
    chat: ChatDouble = field(default_factory=ChatDouble)
    clock: SetClock = field(default_factory=SetClock)

    def __post_init__(self) -> None:
        self.declare = Declare(self.store, self.clock)
        self.roles = Roles(self.store, self.chat, self.clock)
        self.lifecycle = Lifecycle(self.store, self.clock)
        self.board = Board(self.store)
        self.problems = Problems(self.store, self.clock)
        self.runner = self.new_runner()

    def new_runner(self) -> Runner:
        elsewhere = dict.fromkeys(
            ("backfill.channel", "reminder.fire", "nudge.clear", "postmortem.draft"), _Elsewhere()
        )
        handlers = {**room_handlers(self.store, self.chat, self.clock, "ai-incidents"), **elsewhere}
        return Runner(self.store, self.clock, handlers, LEASE)

    async def declared(self, title: str = "Agent deletes orders", actor: Actor = ANA, **fields: Any) -> Incident:
        """Declare, and let everything that is owed be done."""
        given = {"severity": Severity.SEV2, "view_id": "V1"} | fields
        incident = await self.declare.submit(actor, Declaration(title, **given))
        await self.runner.run_due()
        return await self.now(incident)

    async def settle(self, *, minutes: float = 20) -> None:
        """Let retries fall due, again and again, for so many minutes."""
        until = self.clock.now() + timedelta(minutes=minutes)
        while self.clock.now() < until:
            await self.runner.run_due()
            async with self.store.read() as uow:
                next_due_at = await uow.jobs.next_due_at()
            if next_due_at is None or next_due_at > until:
                return
            self.clock.at = max(self.clock.at, next_due_at)

    async def now(self, incident: Incident) -> Incident:
        async with self.store.read() as uow:
            found = await uow.get(Incident, id_of(incident))
        assert found is not None
        return found

    async def entries(self, incident: Incident) -> Sequence[TimelineEntry]:
        async with self.store.read() as uow:
            return await uow.timeline.entries(id_of(incident))

    async def failed(self, incident: Incident) -> Sequence[Job]:
        async with self.store.read() as uow:
            return await uow.jobs.failed(id_of(incident))

    def room(self, incident: Incident) -> Room:
        assert incident.channel_id is not None
        return self.chat.rooms[incident.channel_id]
