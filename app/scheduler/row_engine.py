"""The engine that needs nothing but our rows: replicas claim due jobs by lease."""

from __future__ import annotations

from datetime import datetime

from app.ports.store import Store
from app.services.jobs import Runner


class RowEngine:
    """Runs the due jobs that this replica claims; see `app.ports.engine.JobEngine`."""

    def __init__(self, store: Store, runner: Runner) -> None:
        self._store = store
        self._runner = runner

    async def start(self) -> None:
        """Nothing to prepare."""

    async def run_due(self) -> int:
        return await self._runner.run_due()

    async def next_due_at(self) -> datetime | None:
        async with self._store.read() as uow:
            return await uow.jobs.next_due_at()

    async def settled(self) -> None:
        await self._runner.run_until_idle()

    async def stop(self) -> None:
        """Nothing is under way: the ticker has waited for its calls, and cancelled those that were late."""
