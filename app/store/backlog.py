"""What waits to be done, counted for whoever watches; nothing is locked or loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import String, and_, case, cast, func, select, text
from sqlmodel import col

from app.domain.inbox import InboxEvent
from app.domain.job import Job, JobState, Urgency
from app.store.query import Questions
from app.store.unit_of_work import SqlUnitOfWork

_OWED = (JobState.PENDING, JobState.RUNNING)
RETRYING = "retrying"
_TRIED = and_(col(Job.state) == JobState.PENDING, col(Job.attempts) > 0)
_SHOWN = (*_OWED, JobState.FAILED, JobState.SUSPENDED)


class Backlog(Questions):
    """The inbox and the outbox of all workspaces."""

    @classmethod
    def of(cls, uow: SqlUnitOfWork) -> Backlog:
        """As the transaction sees it."""
        return cls(uow._session, writing=False)

    async def outbox(self) -> Mapping[tuple[Urgency, str], int]:
        """How many jobs are pending, retrying, running, failed or suspended; combinations without any are left out.

        Those that wait after a try that failed are retrying.
        """
        state = case((_TRIED, RETRYING), else_=cast(col(Job.state), String)).label("how")
        counted = select(col(Job.urgency), state, func.count()).where(col(Job.state).in_(_SHOWN))
        rows = (await self._run(counted.group_by(col(Job.urgency), text("how")))).all()
        return {(urgency, str(how)): number for urgency, how, number in rows}

    async def oldest_due_at(self, now: datetime) -> datetime | None:
        """When the oldest job fell due that is not done yet; None where nothing is due."""
        times = []
        for state in _OWED:
            oldest = select(func.min(col(Job.due_at))).where(col(Job.state) == state, col(Job.due_at) <= now)
            times.append((await self._run(oldest)).scalar())
        return min((at for at in times if at is not None), default=None)

    async def unapplied(self) -> int:
        """How many events were stored and could not be understood."""
        waiting = select(func.count()).select_from(InboxEvent).where(col(InboxEvent.applied_at).is_(None))
        return int((await self._run(waiting)).scalar_one())
