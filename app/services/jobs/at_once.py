"""What responders wait for is begun by the process that owes it, as soon as that is on record.

The job is claimed by lease in the transaction that adds it. So nobody else begins it, and when this process dies it is
found and claimed like any other whose runner died.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.job import Job, Urgency
from app.ports.clock import Clock
from app.ports.store import UnitOfWork
from app.services.jobs.runner import Runner

PATIENCE_SECONDS = 2.5


@dataclass
class AtOnce:
    """Implements app.ports.taker.Taker, from `start` on.

    `locks`: take jobs with a lock too, where the rows alone tell who has it.
    """

    runner: Runner
    clock: Clock
    locks: bool
    _open: bool = False

    async def take(self, uow: UnitOfWork, owed: Sequence[Job]) -> Sequence[Job]:
        wanted = self._first_of_each_lock(owed)[: self.runner.free] if self._open else []
        if not wanted:
            return ()
        return await uow.jobs.claim_added(wanted, self.clock.now(), lease=self.runner.lease)

    def begin(self, taken: Sequence[Job]) -> None:
        # In the order in which they came to be owed: the first one is waited for most.
        for job in sorted(taken, key=lambda job: job.id or 0):
            self.runner.begin(job)

    def start(self) -> None:
        self._open = True

    async def stop(self) -> None:
        """Take nothing more; what runs gets a moment to end, then it is handed over."""
        self._open = False
        await self.runner.finish(PATIENCE_SECONDS)

    async def hand_over(self) -> None:
        """Cut off what still runs, and let others claim it."""
        await self.runner.finish(0)

    def _first_of_each_lock(self, owed: Sequence[Job]) -> list[Job]:
        chosen: dict[tuple[str, str], Job] = {}
        for job in owed:
            if job.urgency is Urgency.NOW and (self.locks or job.lock is None):
                chosen.setdefault((job.team, job.lock or f"job:{job.id}"), job)
        return list(chosen.values())
