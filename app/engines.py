"""Which engine runs the jobs, and whose clock counts: both follow from the database."""

from __future__ import annotations

from app.ports.clock import Clock
from app.ports.engine import JobEngine
from app.scheduler.agreed_clock import AgreedClock
from app.scheduler.procrastinate_engine import ProcrastinateEngine
from app.scheduler.row_engine import RowEngine
from app.scheduler.system_clock import SystemClock
from app.services.jobs.at_once import AtOnce
from app.services.jobs.runner import Runner
from app.store.sql_store import SqlStore
from app.store.url import database_url, is_sqlite, postgres_address


def engine_for(url: str, store: SqlStore, runner: Runner, clock: Clock) -> JobEngine:
    """The engine for the database at `url`, which `store` is on: Procrastinate on PostgreSQL, else that of the rows."""
    parsed = database_url(url)
    # Procrastinate's locks are its own: it does not see who else has begun a job with one.
    store.taker = at_once = AtOnce(runner, clock, locks=is_sqlite(parsed))
    if is_sqlite(parsed):
        return RowEngine(store, runner, at_once)
    store.queued_by = clock.now
    return ProcrastinateEngine(postgres_address(parsed), store, runner, clock, at_once)


def clock_for(url: str) -> Clock:
    """The machine's clock for SQLite, whose replicas share a machine; on PostgreSQL the one that all agree on."""
    return SystemClock() if is_sqlite(database_url(url)) else AgreedClock()


async def agree(clock: Clock, store: SqlStore) -> None:
    """Let the clock agree with the database's, if it is one that does."""
    if isinstance(clock, AgreedClock):
        await clock.agree(store.time)
