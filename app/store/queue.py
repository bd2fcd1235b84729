"""The queue of PostgreSQL, which Procrastinate's workers empty: due jobs enter it with the transaction that owes them.

What lies in the queue is due. A job's due time stays in its row, and the job enters the queue when that time has come:

- Procrastinate lets an entry wait behind any earlier one of its lock, even one scheduled for tomorrow. A reminder, or a
  step that Slack told to wait for five minutes, would hold up all that its lock guards.
- A reminder that is moved, snoozed or cancelled is a change of one row, and the same on either engine.
- Procrastinate's workers look for scheduled entries now and then; the ticker knows the next due time precisely.

The row names its entry (`queued_id`), and an entry does nothing unless the row still names it. So taking a job back, or
postponing it, is to forget the name; the entry comes to nothing milliseconds later. The row's unique key already makes
two wishes for one effect one job, before it is due too. Procrastinate's own `queueing_lock` refuses by ending the
transaction that asks, and is not needed. The locks are Procrastinate's, and so is the order: urgent ones first.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from procrastinate.jobs import Job as Entry
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from sqlalchemy import Row, Select, bindparam, column, func, table, text, update
from sqlalchemy import select as sql_select
from sqlmodel import and_, col, or_, select

from app.domain.job import Job, JobState, Urgency
from app.ports.engine import QUEUE, TASK
from app.store.jobs import takeable
from app.store.query import Questions
from app.store.tables import METADATA

_PRIORITIES = {Urgency.NOW: 2, Urgency.SOON: 1, Urgency.LATER: 0}
_RECOVERY_TURN = text("SELECT pg_try_advisory_xact_lock(7216514323)")
# By the database's clock, whatever that of a replica says.
_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
_JOBS = METADATA.tables["job"]
_ENTRIES = table("procrastinate_jobs", column("id"))

Due = Select[int | None, str, str | None, Urgency]


class _OneTransaction(PsycopgConnector):
    """Lets Procrastinate work within a transaction of ours: on its connection, and undone with it."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        super().__init__()
        self._connection = connection

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        await self.execute_query_all_async(query, **arguments)

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]]
        rows = await self.execute_query_all_async_with_connection(self._connection, query, **arguments)
        return rows


class QueueQuestions(Questions):
    """See `app.ports.engine.Queue`."""

    async def hand_over(self, now: datetime, *, limit: int = 200) -> int:
        due = _due(now).order_by(col(Job.urgency), col(Job.id)).limit(limit)
        return await self._enter(due.with_for_update(skip_locked=True))

    async def next_due_at(self) -> datetime | None:
        unqueued = col(Job.queued_id).is_(None)
        pending = select(func.min(Job.due_at)).where(Job.state == JobState.PENDING, unqueued)
        leases = select(func.min(Job.lease_until)).where(Job.state == JobState.RUNNING, unqueued)
        times = [await self._first(pending), await self._first(leases)]
        return min((time for time in times if time is not None), default=None)

    async def hand_over_added(self, ids: Sequence[int], now: datetime) -> int:
        """Queue those of these jobs that are due and in no queue; the transaction holds them."""
        return await self._enter(_due(now).where(col(Job.id).in_(ids)).order_by(col(Job.urgency), col(Job.id)))

    async def take(self, job_id: int, entry_id: int, lease_until: datetime) -> Job | None:
        alive = col(Job.state).in_([JobState.PENDING, JobState.RUNNING])
        taken = update(Job).where(col(Job.id) == job_id, col(Job.queued_id) == entry_id, alive)
        taken = taken.values(
            state=JobState.RUNNING,
            token=secrets.token_hex(16),
            lease_until=lease_until,
            attempts=col(Job.attempts) + 1,
        )
        job: Job | None = (await self._run(taken.returning(Job))).scalar_one_or_none()
        return job

    async def recover(self, *, silent_seconds: float) -> int:
        if not (await self._run(_RECOVERY_TURN)).scalar_one():
            return 0
        entries = await self._entries()
        stalled = list(await entries.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=silent_seconds))
        for entry in stalled:
            await entries.retry_job(entry, retry_at=_AT_ONCE)
        # Their entry was lost: the worker could not say how they ended, or somebody emptied the queue. Those that run
        # are left to their lease.
        entry_is_there = sql_select(_ENTRIES.c.id).where(
            _ENTRIES.c.id == col(Job.queued_id), text("procrastinate_jobs.status IN ('todo', 'doing')")
        )
        alive = col(Job.state).in_([JobState.PENDING, JobState.RUNNING])
        lost = update(Job).where(alive, col(Job.queued_id).is_not(None), ~entry_is_there.exists())
        freed: int = (await self._run(lost.values(queued_id=None))).rowcount
        return len(stalled) + freed

    async def is_idle(self) -> bool:
        queued = and_(col(Job.state) == JobState.PENDING, col(Job.queued_id).is_not(None))
        busy = sql_select(func.count()).select_from(Job).where(or_(queued, col(Job.state) == JobState.RUNNING))
        return not (await self._run(busy)).scalar_one()

    async def _enter(self, due: Due) -> int:
        jobs: Sequence[Row[Any]] = (await self._run(due)).all()
        if not jobs:
            return 0
        entered = await (await self._entries()).batch_defer_jobs_async([_entry(job) for job in jobs])
        owned = update(_JOBS).where(_JOBS.c.id == bindparam("job")).values(queued_id=bindparam("entry"))
        names = [{"job": job.id, "entry": entry.id} for job, entry in zip(jobs, entered, strict=True)]
        await self._session.execute(owned, names)
        return len(jobs)

    async def _entries(self) -> JobManager:
        connection = await (await self._session.connection()).get_raw_connection()
        driver = connection.driver_connection
        if driver is None:
            raise RuntimeError("the connection is closed")
        return JobManager(_OneTransaction(driver))


def _due(now: datetime) -> Due:
    return sql_select(col(Job.id), col(Job.team), col(Job.lock), col(Job.urgency)).where(takeable(now))


def _entry(job: Row[Any]) -> Entry:
    return Entry(
        queue=QUEUE,
        task_name=TASK,
        task_kwargs={"job_id": job.id},
        lock=f"{job.team}:{job.lock}" if job.lock is not None else None,
        queueing_lock=None,
        priority=_PRIORITIES[job.urgency],
    )
