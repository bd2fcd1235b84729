"""The engine on PostgreSQL: Procrastinate gives due jobs to the replicas.

A job that is due enters the queue with the transaction that owes it; when the ticker finds it due if it was owed for
later, or beside urgent ones that the process begins at once. Why it isn't scheduled there is told in `app.store.queue`.
Procrastinate's worker, on this process's own loop, hears of it by a notice, and hands it to the runner, which claims
the row, carries it out and settles it as on any database. A retry goes back to its row, and enters the queue again when
it is due. So an entry has no history: it is deleted when it ends.

Each worker gives a sign of life every two seconds. Entries of a worker that was silent for eight are given again by
whichever replica looks first, and each looks every two seconds: what a killed process had begun goes on after about
ten. A process that only hung meanwhile can't settle what was taken from it: the row's token is another by then.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import Any

import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as Entry
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from app.ports.clock import Clock
from app.ports.engine import QUEUE, TASK
from app.ports.store import Store
from app.scheduler.steady_entries import SteadyEntries
from app.services.jobs.at_once import AtOnce
from app.services.jobs.runner import Runner

log = structlog.get_logger(__name__)

CONNECTIONS = 4
# Only for a notice that was lost, and for entries that another replica gives again.
LOOK_EVERY_SECONDS = 0.5
SIGN_OF_LIFE_SECONDS = 2.0
SILENT_SECONDS = 8.0
RECOVER_EVERY_SECONDS = 2.0
PATIENCE_SECONDS = 2.5
SETTLING_SECONDS = 0.02
_LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class _Again(BaseRetryStrategy):
    """An entry that came to no end is given again: at once when its worker stops, else after a moment."""

    def get_retry_decision(self, *, exception: BaseException, job: Entry) -> RetryDecision:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=_LONG_AGO)
        return RetryDecision(retry_in={"seconds": 1})


class ProcrastinateEngine:
    """Runs what the queue of the database at `address` gives this replica; see `app.ports.engine.JobEngine`."""

    def __init__(self, address: str, store: Store, runner: Runner, clock: Clock, at_once: AtOnce | None = None) -> None:
        self._store = store
        self._runner = runner
        self._clock = clock
        self._at_once = at_once
        self._app = _app(address, runner)
        self._entries = SteadyEntries(self._app.connector)
        self._app.job_manager = self._entries
        self._worker: asyncio.Task[None] | None = None
        self._recovered_at = 0.0

    async def start(self) -> None:
        """Connect, and let the worker take entries."""
        await self._app.open_async()
        self._work()
        if self._at_once is not None:
            self._at_once.start()

    async def run_due(self) -> int:
        """Queue what has fallen due, and give again what dead workers left; how many jobs were queued."""
        self._look_after_the_worker()
        async with self._store.write() as uow:
            queued = await uow.queue.hand_over(self._clock.now())
        if time.monotonic() - self._recovered_at >= RECOVER_EVERY_SECONDS:
            self._recovered_at = time.monotonic()
            await self._recover()
        return queued

    async def next_due_at(self) -> datetime | None:
        async with self._store.read() as uow:
            return await uow.queue.next_due_at()

    async def settled(self) -> None:
        """Return once nothing is due and nothing is in the queue or runs, in any replica."""
        while True:
            async with self._store.read() as uow:
                due_at, is_idle = await uow.queue.next_due_at(), await uow.queue.is_idle()
            if due_at is not None and due_at <= self._clock.now():
                async with self._store.write() as uow:
                    await uow.queue.hand_over(self._clock.now())
            elif is_idle:
                return
            await asyncio.sleep(SETTLING_SECONDS)

    async def stop(self) -> None:
        """Take no more entries; those that do not end in time are given back for another replica."""
        worker, self._worker = self._worker, None
        begun = asyncio.ensure_future(self._at_once.stop()) if self._at_once is not None else None
        if worker is not None:
            worker.cancel()
            # It gives back what is late by itself.
            await asyncio.wait([worker], timeout=PATIENCE_SECONDS + 1.0)
            self._entries.give_up()
            await asyncio.wait([worker], timeout=1.0)
        if begun is not None:
            await begun
        await self._app.close_async()

    async def hand_over(self) -> None:
        if self._at_once is not None:
            await self._at_once.hand_over()

    def _work(self) -> None:
        worker = self._app.run_worker_async(
            queues=[QUEUE],
            name="ai-incident",
            concurrency=self._runner.limit,
            fetch_job_polling_interval=LOOK_EVERY_SECONDS,
            abort_job_polling_interval=60.0,
            shutdown_graceful_timeout=PATIENCE_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=SIGN_OF_LIFE_SECONDS,
            stalled_worker_timeout=10 * SILENT_SECONDS,
        )
        self._worker = asyncio.create_task(worker, name="procrastinate")

    def _look_after_the_worker(self) -> None:
        if self._worker is None or not self._worker.done():
            return
        error = None if self._worker.cancelled() else self._worker.exception()
        log.error("worker_ended", exc_info=error)
        self._work()

    async def _recover(self) -> None:
        async with self._store.write() as uow:
            recovered = await uow.queue.recover(silent_seconds=SILENT_SECONDS)
        if recovered:
            log.warning("jobs_recovered", jobs=recovered)
            await self._entries.look_again()


def _app(address: str, runner: Runner) -> App:
    connector = PsycopgConnector(
        conninfo=address,
        min_size=1,
        max_size=CONNECTIONS,
        timeout=10.0,
        pool_factory=_pool,
        configure=_commit_each,
        kwargs={"connect_timeout": 5, "application_name": "ai-incident jobs"},
    )
    app = App(connector=connector)

    async def carry_out(context: JobContext, *, job_id: int) -> None:
        if context.job.id is not None:
            await runner.carry_out(job_id, context.job.id)

    app.task(name=TASK, queue=QUEUE, pass_context=True, retry=_Again())(carry_out)
    return app


def _pool(**options: Any) -> AsyncConnectionPool[Any]:
    """A pool that doesn't ask each time whether the connection still works: what fails is tried again anyway."""
    return AsyncConnectionPool(**options | {"check": None})


async def _commit_each(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
