"""One transaction: its questions by subject, and what can be done to any record."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import delete, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col, select

from app.domain.audit import AuditRecord
from app.domain.incident import Incident, StatusChange
from app.domain.job import Job, JobState
from app.domain.person import Person
from app.store.accounts import PostmortemQuestions, ReminderQuestions, UpdateQuestions
from app.store.drafts import DraftQuestions
from app.store.inbox import InboxQuestions
from app.store.incidents import IncidentQuestions, RoleQuestions
from app.store.installations import InstallationQuestions
from app.store.jobs import JobQuestions
from app.store.query import Questions, refusals_as_conflicts
from app.store.queue import QueueQuestions
from app.store.register import RegisterQuestions
from app.store.signals import SignalQuestions
from app.store.similar import SimilarQuestions
from app.store.timeline import TimelineQuestions, UnknownQuestions

Record = TypeVar("Record", bound=SQLModel)


class SqlUnitOfWork(Questions):
    """One transaction over a session; see `app.ports.store.UnitOfWork`."""

    def __init__(self, session: AsyncSession, *, writing: bool) -> None:
        super().__init__(session, writing=writing)
        self.incidents = IncidentQuestions(session, writing=writing)
        self.roles = RoleQuestions(session, writing=writing)
        self.timeline = TimelineQuestions(session, writing=writing)
        self.unknowns = UnknownQuestions(session, writing=writing)
        self.updates = UpdateQuestions(session, writing=writing)
        self.reminders = ReminderQuestions(session, writing=writing)
        self.jobs = JobQuestions(session, writing=writing)
        self.queue = QueueQuestions(session, writing=writing)
        self.postmortems = PostmortemQuestions(session, writing=writing)
        self.drafts = DraftQuestions(session, writing=writing)
        self.inbox = InboxQuestions(session, writing=writing)
        self.register = RegisterQuestions(session, writing=writing)
        self.installations = InstallationQuestions(session, writing=writing)
        self.similar = SimilarQuestions(session, writing=writing)
        self.signals = SignalQuestions(session, writing=writing)

    async def add(self, record: SQLModel) -> None:
        self._session.add(record)
        async with refusals_as_conflicts():
            await self._session.flush()

    async def add_all(self, records: Sequence[SQLModel]) -> None:
        self._session.add_all(records)
        async with refusals_as_conflicts():
            await self._session.flush()

    async def get(self, kind: type[Record], record_id: int) -> Record | None:
        key = inspect(kind).primary_key[0]
        return await self._first(self._held(select(kind).where(key == record_id)))

    async def of_incident(self, kind: type[Record], incident_id: int) -> Sequence[Record]:
        columns = inspect(kind).columns
        question = select(kind).where(columns["incident_id"] == incident_id).order_by(columns["id"])
        return await self._all(self._held(question))

    async def delete(self, record: SQLModel) -> None:
        if isinstance(record, Incident):
            # A running one stays, without its incident: its runner still has to say how it ended.
            owed = delete(Job).where(col(Job.incident_id) == record.id, col(Job.state) != JobState.RUNNING)
            await self._run(owed)
        await self._session.delete(record)
        await self._session.flush()

    async def status_changes(self, incident_id: int) -> Sequence[StatusChange]:
        changes = select(StatusChange).where(StatusChange.incident_id == incident_id)
        return await self._all(changes.order_by(col(StatusChange.at), col(StatusChange.id)))

    async def audit(self, incident_id: int) -> Sequence[AuditRecord]:
        acts = select(AuditRecord).where(AuditRecord.incident_id == incident_id)
        return await self._all(acts.order_by(col(AuditRecord.at), col(AuditRecord.id)))

    async def people(self, team: str, users: Collection[str]) -> Mapping[str, Person]:
        known = select(Person).where(Person.team == team, col(Person.user).in_(users))
        return {person.user: person for person in await self._all(known)}

    async def remember(self, person: Person) -> None:
        seen = self._insert(Person).values(**person.model_dump())
        changed = {"name": seen.excluded.name, "is_bot": seen.excluded.is_bot}
        await self._run(seen.on_conflict_do_update(index_elements=["team", "user"], set_=changed))

    @asynccontextmanager
    async def nested(self) -> AsyncIterator[None]:
        async with self._savepoint():
            yield
