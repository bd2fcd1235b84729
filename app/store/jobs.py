"""The jobs: owed once, taken by one runner at a time, finished only by who holds them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Executable, Select, Table, bindparam, case, delete, func, text, update
from sqlalchemy import select as sql_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, or_, select

from app.domain.columns import UTCDateTime
from app.domain.errors import Conflict
from app.domain.job import Job, JobState
from app.store.query import Insert, Questions
from app.store.tables import METADATA

# Claiming is short, and one replica at a time does it: whoever claims sees what the one before took.
_CLAIM_TURN = text("SELECT pg_advisory_xact_lock(7216514321)")


class JobQuestions(Questions):
    """The jobs of all workspaces.

    `added` tells when each of those falls due that this transaction came to owe, `new` holds those not owed before.
    """

    def __init__(self, session: AsyncSession, *, writing: bool) -> None:
        super().__init__(session, writing=writing)
        self.added: dict[int, datetime] = {}
        self.new: list[Job] = []

    async def add(self, job: Job) -> bool:
        return job in await self._add([job])

    async def add_all(self, jobs: Sequence[Job]) -> None:
        if jobs:
            await self._add(jobs)

    async def _add(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Those of them that were not owed before."""
        # The mark tells a new row from one that was there. The statement locks the one that was there, so that no
        # runner takes it before this transaction's changes can be seen.
        marked = {secrets.token_hex(16): job for job in jobs}
        rows = [job.model_dump(exclude={"id"}) | {"token": mark} for mark, job in marked.items()]
        owed = await self._session.execute(_OWED[self._session.get_bind().dialect.name], rows)
        for job_id, token, due_at in owed.all():
            self.added[job_id] = due_at
            if token in marked:
                marked[token].id = job_id
        new = [job for job in jobs if job.id is not None]
        self.new += new
        return new

    async def claim_added(self, jobs: Sequence[Job], now: datetime, *, lease: timedelta) -> Sequence[Job]:
        # Each keeps the token that marked it as new: no runner has had it.
        given = {"ids": [job.id for job in jobs], "now": now, "until": now + lease}
        taken: Sequence[Job] = (await self._session.execute(_TAKEN, given)).scalars().all()
        return taken

    async def claim(self, now: datetime, *, lease: timedelta, limit: int = 20) -> Sequence[Job]:
        if self._session.get_bind().dialect.name == "postgresql":
            await self._run(_CLAIM_TURN)
        first = select(Job).where(col(Job.id).in_(_first_of_each_lock(now)), takeable(now))
        first = first.order_by(col(Job.urgency), col(Job.id)).limit(limit)
        taken = await self._all(first.with_for_update(skip_locked=True).execution_options(populate_existing=True))
        for job in taken:
            job.state = JobState.RUNNING
            job.token = secrets.token_hex(16)
            job.lease_until = now + lease
            job.attempts += 1
        await self._session.flush()
        return taken

    async def held(self, job_id: int, token: str) -> Job | None:
        running = select(Job).where(Job.id == job_id, Job.token == token, Job.state == JobState.RUNNING)
        return await self._first(self._held(running))

    async def renew(self, job_id: int, token: str, until: datetime) -> bool:
        job = await self.held(job_id, token)
        if job is None:
            return False
        job.lease_until = until
        await self._session.flush()
        return True

    async def put_back(self, job: Job, due_at: datetime, error: str = "") -> bool:
        job.error = error
        job.lease_until = None
        job.queued_id = None
        while (newer := await self._pending(job.team, job.key)) is None:
            # Refused if another transaction came to owe the same just now; then that one is found.
            with suppress(Conflict):
                async with self._savepoint():
                    job.state = JobState.PENDING
                    job.due_at = due_at
                self._note(job)
                return True
        job.state = JobState.CANCELLED
        newer.attempts = max(newer.attempts, job.attempts)
        newer.due_at = max(newer.due_at, due_at)
        newer.queued_id = None
        self._note(newer)
        await self._session.flush()
        return False

    async def cancel(self, team: str, key: str) -> None:
        job = await self._pending(team, key)
        if job is not None:
            job.state = JobState.CANCELLED
            await self._session.flush()

    async def suspend(self, team: str) -> int:
        pending = update(Job).where(col(Job.team) == team, col(Job.state) == JobState.PENDING)
        suspended: int = (await self._run(pending.values(state=JobState.SUSPENDED, queued_id=None))).rowcount
        return suspended

    async def resume(self, team: str) -> int:
        suspended = select(Job).where(Job.team == team, Job.state == JobState.SUSPENDED).order_by(col(Job.id))
        owed = await self._all(self._held(suspended))
        for job in owed:
            await self.put_back(job, job.due_at, job.error)
        return len(owed)

    async def next_due_at(self) -> datetime | None:
        running = aliased(Job)
        blocked = (
            select(running.id)
            .where(running.team == Job.team, running.lock == Job.lock, running.state == JobState.RUNNING)
            .exists()
        )
        pending = select(Job.due_at).where(Job.state == JobState.PENDING, col(Job.queued_id).is_(None), ~blocked)
        pending = pending.order_by(col(Job.due_at))
        leases = select(func.min(Job.lease_until)).where(Job.state == JobState.RUNNING, col(Job.queued_id).is_(None))
        times = [await self._first(pending), await self._first(leases)]
        return min((time for time in times if time is not None), default=None)

    async def failed(self, incident_id: int) -> Sequence[Job]:
        failed = select(Job).where(Job.incident_id == incident_id, Job.state == JobState.FAILED)
        return await self._all(failed.order_by(col(Job.id)))

    async def counts(self) -> Mapping[JobState, int]:
        alive = col(Job.state).in_([JobState.PENDING, JobState.RUNNING, JobState.FAILED])
        counted = sql_select(col(Job.state), func.count()).where(alive).group_by(col(Job.state))
        return dict((await self._run(counted)).all())

    async def forget(self, before: datetime) -> None:
        over = col(Job.state).in_([JobState.DONE, JobState.CANCELLED])
        ended_at = func.coalesce(col(Job.finished_at), col(Job.due_at))
        await self._run(delete(Job).where(over, col(Job.due_at) < before, ended_at < before))

    async def _pending(self, team: str, key: str) -> Job | None:
        # Worded like the index, or a database won't use it.
        return await self._first(
            self._held(select(Job).where(Job.team == team, Job.key == key, text("state = 'pending'")))
        )

    def _note(self, job: Job) -> None:
        if job.id is not None:
            self.added[job.id] = job.due_at


def _owed(insert: Callable[[Table], Insert]) -> Executable:
    """The statement that owes a job; put together once, since that takes longer than carrying it out."""
    new = insert(_JOBS)
    # One that waits for its retry keeps its time: Slack may have asked for the wait.
    sooner = and_(new.excluded.due_at < _JOBS.c.due_at, _JOBS.c.attempts == 0)
    more_urgent = new.excluded.urgency < _JOBS.c.urgency
    return new.on_conflict_do_update(
        index_elements=["team", "key"],
        index_where=text("state = 'pending'"),
        set_={
            "due_at": case((sooner, new.excluded.due_at), else_=_JOBS.c.due_at),
            "urgency": case((more_urgent, new.excluded.urgency), else_=_JOBS.c.urgency),
            # Queued again, further to the front.
            "queued_id": case((more_urgent, None), else_=_JOBS.c.queued_id),
        },
    ).returning(_JOBS.c.id, _JOBS.c.token, _JOBS.c.due_at)


def _taken() -> Executable:
    """The statement that claims new jobs for this process."""
    running = aliased(Job)
    blocked = select(running.id).where(
        running.team == Job.team, running.lock == Job.lock, running.state == JobState.RUNNING
    )
    due = and_(col(Job.state) == JobState.PENDING, col(Job.due_at) <= bindparam("now", type_=UTCDateTime()))
    taken = update(Job).where(col(Job.id).in_(bindparam("ids", expanding=True)), due, ~blocked.exists())
    claim = {"state": JobState.RUNNING, "lease_until": bindparam("until", type_=UTCDateTime()), "attempts": 1}
    return taken.values(claim).returning(Job).execution_options(synchronize_session=False)


def takeable(now: datetime) -> ColumnElement[bool]:
    """Pending and due, or left behind by a runner whose lease is over; and in no queue."""
    due = or_(
        and_(col(Job.state) == JobState.PENDING, col(Job.due_at) <= now),
        and_(col(Job.state) == JobState.RUNNING, col(Job.lease_until) <= now),
    )
    return and_(due, col(Job.queued_id).is_(None))


def _first_of_each_lock(now: datetime) -> Select[tuple[int | None]]:
    """Ids of the takeable jobs whose lock is free, one for each lock; those without a lock, all."""
    running = aliased(Job)
    blocked = select(running.id).where(
        running.team == Job.team,
        running.lock == Job.lock,
        running.state == JobState.RUNNING,
        col(running.lease_until) > now,
    )
    # What was begun goes first: should its runner live and renew the lease meanwhile, nothing else has its lock.
    order = (case((col(Job.state) == JobState.RUNNING, 0), else_=1), col(Job.urgency), col(Job.id))
    alone = case((col(Job.lock).is_(None), col(Job.id)), else_=0)
    place = func.row_number().over(partition_by=(col(Job.team), col(Job.lock), alone), order_by=order)
    ranked = sql_select(col(Job.id), place.label("place")).where(takeable(now), ~blocked.exists()).subquery()
    return sql_select(ranked.c.id).where(ranked.c.place == 1)


_JOBS = METADATA.tables["job"]
_OWED = {"sqlite": _owed(sqlite.insert), "postgresql": _owed(postgresql.insert)}
_TAKEN = _taken()
