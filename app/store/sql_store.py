"""The store on a SQL database: transactions that write, and views that only read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session

from app.domain.job import Job, Urgency
from app.ports.taker import Taker
from app.store.database_file import DatabaseFile
from app.store.engine import open_engines
from app.store.query import refusals_as_conflicts
from app.store.schema import SchemaState, state_at
from app.store.session import WholeCallsSession
from app.store.unit_of_work import SqlUnitOfWork
from app.store.url import database_url

# The least that a database can be made to write: four bytes that are there already, and a number of a transaction.
_WRITTEN_TO_SQLITE = "PRAGMA application_id = 0"
_WRITTEN_TO_POSTGRES = "SELECT pg_current_xact_id()"
# What is less urgent is looked for when the urgent has begun.
OTHERS_WAIT = timedelta(seconds=0.15)


class SqlStore:
    """The records of one migrated database.

    `on_jobs` is called after each commit that added jobs, with the instant at which the earliest of them falls due; it
    may be set later. So may `queued_by`: jobs that are due by the instant it tells are put in the database's own queue
    by the transaction that adds them, which only PostgreSQL has; None: they are left to who claims them. And so may
    `taker`, who takes urgent ones before anybody else can.
    Raises BadSetup for a URL that can't be used. Nothing is connected before the first transaction.
    """

    def __init__(self, url: str, *, on_jobs: Callable[[datetime], None] | None = None) -> None:
        self.on_jobs = on_jobs
        self.queued_by: Callable[[], datetime] | None = None
        self.taker: Taker | None = None
        self._engines = open_engines(database_url(url))
        self._file = DatabaseFile(database_url(url))
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
                taken = await self._take(uow)
                if not taken or _more_urgent_ones(uow, taken):
                    # Beside urgent ones the others are left to the ticker, so as not to hold those up.
                    await self._hand_over(uow)
                await session.commit()
        if taken and self.taker is not None:
            self.taker.begin(taken)
        self._tell(uow, taken)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnitOfWork]:
        """A consistent view; the database refuses to write in it."""
        async with self._session(self._engines.reading) as session:
            yield SqlUnitOfWork(session, writing=False)

    async def time(self) -> datetime:
        """The database server's time; every replica sees the same. SQLite's is the machine's."""
        async with self._session(self._engines.reading) as session:
            if self._engines.single_writer:
                return datetime.now(UTC)
            told: datetime = (await session.execute(text("SELECT clock_timestamp()"))).scalar_one()
            return told.astimezone(UTC)

    async def schema(self) -> SchemaState:
        """How far the database is migrated at present.

        Raises the driver's error when it doesn't answer, FileNotFoundError when its file is gone or was replaced.
        """
        self._file.check()
        async with self._session(self._engines.reading) as session:
            return state_at(await session.run_sync(_revision))

    async def ping(self) -> None:
        """Return if the database takes what is written; raises the driver's error if it is locked, full or away."""
        async with self._turn(), self._session(self._engines.writing) as session:
            await session.execute(text(_WRITTEN_TO_SQLITE if self._engines.single_writer else _WRITTEN_TO_POSTGRES))
            await session.commit()

    async def close(self) -> None:
        """Close every connection."""
        await self._engines.dispose()

    async def _take(self, uow: SqlUnitOfWork) -> Sequence[Job]:
        return await self.taker.take(uow, uow.jobs.new) if self.taker is not None and uow.jobs.new else ()

    def _tell(self, uow: SqlUnitOfWork, taken: Sequence[Job]) -> None:
        """Tell when the earliest of the jobs falls due that nobody has taken yet."""
        begun = {job.id for job in taken}
        left = [due_at for job_id, due_at in uow.jobs.added.items() if job_id not in begun]
        if left and self.on_jobs is not None:
            self.on_jobs(min(left) + (OTHERS_WAIT if taken else timedelta()))

    async def _hand_over(self, uow: SqlUnitOfWork) -> None:
        if self.queued_by is None:
            return
        now = self.queued_by()
        due = [job_id for job_id, due_at in uow.jobs.added.items() if due_at <= now]
        if due:
            await uow.queue.hand_over_added(due, now)

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


def _more_urgent_ones(uow: SqlUnitOfWork, taken: Sequence[Job]) -> bool:
    begun = {job.id for job in taken}
    return any(job.urgency is Urgency.NOW and job.id not in begun for job in uow.jobs.new)


def _revision(session: Session) -> str | None:
    return MigrationContext.configure(session.connection()).get_current_revision()
