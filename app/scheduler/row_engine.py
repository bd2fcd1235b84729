"""The engine that needs nothing but our rows: replicas claim due jobs by lease."""

from __future__ import annotations

from datetime import datetime

from app.ports.store import Store
from app.services.jobs.at_once import AtOnce
from app.services.jobs.runner import Runner


class RowEngine:
    """Runs the due jobs that this replica claims; see `app.ports.engine.JobEngine`."""

    def __init__(self, store: Store, runner: Runner, at_once: AtOnce | None = None) -> None:
        self._store = store
        self._runner = runner
        self._at_once = at_once

    async def start(self) -> None:
        if self._at_once is not None:
            self._at_once.start()

    async def run_due(self) -> int:
        return await self._runner.run_due()

    async def next_due_at(self) -> datetime | None:
        async with self._store.read() as uow:
            return await uow.jobs.next_due_at()

    async def settled(self) -> None:
        await self._runner.run_until_idle()

    async def stop(self) -> None:
        """The ticker waits for its own calls; what was begun at once is waited for here."""
        self._runner.close()
        if self._at_once is not None:
            await self._at_once.stop()

    async def hand_over(self) -> None:
        if self._at_once is not None:
            await self._at_once.hand_over()
