"""The store on a SQL database: transactions that write, and views that only read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.store.engine import open_engines
from app.store.query import refusals_as_conflicts
from app.store.session import WholeCallsSession
from app.store.unit_of_work import SqlUnitOfWork
from app.store.url import database_url


class SqlStore:
    """The records of one migrated database.

    `on_jobs` is called after each commit that added jobs, with the instant at which the earliest of them falls due; it
    may be set later. Raises BadSetup for a URL that can't be used. Nothing is connected before the first transaction.
    """

    def __init__(self, url: str, *, on_jobs: Callable[[datetime], None] | None = None) -> None:
        self.on_jobs = on_jobs
        self._engines = open_engines(database_url(url))
        # SQLite has one writer. Waiting in line here is fair; trying again and again at the file is not.
        self._turns = asyncio.Lock() if self._engines.single_writer else nullcontext()
        self._writers: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqlUnitOfWork]:
        """A transaction that writes; see `app.ports.store.Store`.

        Raises RuntimeError inside another of the same task, and Conflict when a unique index refuses a change.
        """
        async with self._turn(), self._session(self._engines.writing) as session:
            uow = SqlUnitOfWork(session, writing=True)
            async with refusals_as_conflicts():
                yield uow
                await session.commit()
        if self.on_jobs is not None and uow.jobs.earliest_due_at is not None:
            self.on_jobs(uow.jobs.earliest_due_at)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnitOfWork]:
        """A consistent view; the database refuses to write in it."""
        async with self._session(self._engines.reading) as session:
            yield SqlUnitOfWork(session, writing=False)

    async def ping(self) -> None:
        """Return if the database answers; raises the driver's error if it doesn't."""
        async with self._session(self._engines.reading) as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self._engines.dispose()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        if task is None or task in self._writers:
            raise RuntimeError("a transaction that writes can't wait for one of its own task")
        async with self._turns:
            self._writers.add(task)
            try:
                yield
            finally:
                self._writers.discard(task)

    def _session(self, engine: AsyncEngine) -> AsyncSession:
        kind = WholeCallsSession if self._engines.single_writer else AsyncSession
        return kind(engine, expire_on_commit=False)
