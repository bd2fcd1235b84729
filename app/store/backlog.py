"""What waits to be done, counted for whoever watches; nothing is locked or loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.inbox import InboxEvent
from app.domain.job import Job, JobState, Urgency
from app.store.query import Questions
from app.store.unit_of_work import SqlUnitOfWork

_OWED = (JobState.PENDING, JobState.RUNNING)
_SHOWN = (*_OWED, JobState.FAILED, JobState.SUSPENDED)


class Backlog(Questions):
    """The inbox and the outbox of all workspaces."""

    @classmethod
    def of(cls, uow: SqlUnitOfWork) -> Backlog:
        """As the transaction sees it."""
        return cls(uow._session, writing=False)

    async def outbox(self) -> Mapping[tuple[Urgency, JobState], int]:
        """How many jobs are pending, running, failed or suspended; combinations without any are left out."""
        counted = select(col(Job.urgency), col(Job.state), func.count()).where(col(Job.state).in_(_SHOWN))
        rows = (await self._run(counted.group_by(col(Job.urgency), col(Job.state)))).all()
        return {(urgency, state): number for urgency, state, number in rows}

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
