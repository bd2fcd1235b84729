"""The store: transactions over records, and the questions that use cases ask.

Records are plain data. Inside a transaction a loaded record is attached: changing its fields saves them on commit.
Every question is asked within one workspace (`team`) or one incident.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlmodel import SQLModel

from app.domain.audit import AuditRecord
from app.domain.draft_record import DraftRecord
from app.domain.inbox import InboxEvent
from app.domain.incident import Incident, Severity, StatusChange
from app.domain.person import Person
from app.domain.postmortem import Postmortem
from app.domain.reminder import Reminder
from app.domain.roles import Role, RoleHolding
from app.domain.status_update import Audience, StatusUpdate
from app.domain.timeline import EntryRevision, TimelineEntry, Unknown
from app.ports.engine import Queue
from app.ports.installations import Installations
from app.ports.jobs import Jobs
from app.ports.register_entries import RegisterEntries
from app.ports.signals import Signals
from app.ports.similar import SimilarIncidents

Record = TypeVar("Record", bound=SQLModel)


class Incidents(Protocol):
    """Incidents. In a transaction that writes, those found by key, channel or id are locked as by `locked`."""

    async def next_number(self, team: str) -> int:
        """The next incident number of the workspace; two transactions never get the same."""
        ...

    async def teams(self) -> Sequence[str]:
        """The workspaces that ever had an incident."""
        ...

    async def by_key(self, team: str, key: str) -> Incident | None: ...

    async def by_channel(self, team: str, channel: str) -> Incident | None: ...

    async def by_channels(self, team: str, channels: Collection[str]) -> Mapping[str, Incident]: ...

    async def locked(self, incident_id: int) -> Incident:
        """The incident as it stands now, locked against other writers until the transaction ends.

        Raises NotFound when it is gone.
        """
        ...

    async def open(self, team: str, *, limit: int = 50) -> Sequence[Incident]:
        """Incidents not ended, worst severity first, then newest."""
        ...

    async def recent(self, team: str, *, limit: int = 20, restricted: bool = True) -> Sequence[Incident]:
        """The newest incidents whatever their status; without `restricted`, those only that are public."""
        ...

    async def of_form(self, team: str, user: str, form: str, *, above: int) -> Incident | None:
        """The incident with a number above that, which the user has declared by that form; None without one."""
        ...

    async def of_system(self, team: str, system: str, *, limit: int = 20) -> Sequence[Incident]:
        """The newest incidents of the system with that key in the register, whatever their status."""
        ...

    async def open_counts(self) -> Mapping[Severity, int]:
        """How many real incidents are open in all workspaces; severities without any are left out."""
        ...

    async def with_channel(self, *, open_only: bool = True) -> Sequence[Incident]:
        """Incidents of every workspace that have a channel, worst first: the ones to backfill."""
        ...

    async def resolved_with_channel(self, *, limit: int) -> Sequence[Incident]:
        """Resolved incidents of every workspace that have a channel, where the talk goes on; newest first."""
        ...


class Roles(Protocol):
    async def holders(self, incident_id: int) -> Mapping[Role, RoleHolding]: ...

    async def history(self, incident_id: int) -> Sequence[RoleHolding]: ...

    async def incidents_of(self, team: str, user: str) -> frozenset[int]:
        """Ids of incidents in which the person holds a role now."""
        ...


class Timeline(Protocol):
    async def by_ts(self, incident_id: int, ts: str) -> TimelineEntry | None: ...

    async def by_all_ts(
        self, incident_ids: Collection[int], stamps: Collection[str]
    ) -> Mapping[tuple[int, str], TimelineEntry]:
        """The entries of those messages of those incidents, by incident and ts."""
        ...

    async def put_new(self, rows: Sequence[Mapping[str, Any]]) -> Collection[tuple[int, str]]:
        """Store plain messages (see app.services.timeline.plain_messages) as columns: many times cheaper than records.

        Returns, by incident and ts, those that may have been there already, and all that were: they stay as they are.
        """
        ...

    async def replies(self, incident_id: int, thread_ts: str) -> Sequence[TimelineEntry]:
        """The entries in the thread under that message, in order of `at`, without the message itself."""
        ...

    async def entries(self, incident_id: int, *, until: datetime | None = None) -> Sequence[TimelineEntry]:
        """All entries in order of `at`, then id; with `until`, those that happened no later."""
        ...

    async def layered(self, incident_id: int) -> Sequence[TimelineEntry]:
        """The entries of which somebody has said in which layer they happened, in order of `at`, then id."""
        ...

    async def revisions(self, incident_id: int) -> Sequence[EntryRevision]: ...

    async def last_message_ts(self, incident_id: int) -> str | None: ...

    async def permalinks(self, ids: Collection[int]) -> Mapping[int, str]: ...


class Unknowns(Protocol):
    async def all(self, incident_id: int) -> Sequence[Unknown]: ...

    async def by_number(self, incident_id: int, number: int) -> Unknown | None: ...

    async def by_entry(self, entry_id: int) -> Unknown | None: ...


class Updates(Protocol):
    async def all(self, incident_id: int) -> Sequence[StatusUpdate]: ...

    async def last_published(self, incident_id: int, audience: Audience | None = None) -> StatusUpdate | None: ...

    async def waiting(self, incident_id: int) -> StatusUpdate | None:
        """The newest draft or approved update that is neither published nor discarded."""
        ...


class Reminders(Protocol):
    async def all(self, incident_id: int) -> Sequence[Reminder]: ...

    async def pending(self, incident_id: int) -> Sequence[Reminder]: ...


class Postmortems(Protocol):
    async def all(self, incident_id: int) -> Sequence[Postmortem]: ...

    async def latest(self, incident_id: int) -> Postmortem | None: ...


class Drafts(Protocol):
    """What was drafted and what it cost, in tokens read and written."""

    async def spent_on(self, incident_id: int) -> int: ...

    async def spent_since(self, team: str, at: datetime) -> int: ...

    async def last_update_by_model(self, incident_id: int, audience: Audience, until: datetime) -> DraftRecord | None:
        """The newest draft of an update in which something of a model's text held."""
        ...


class Inbox(Protocol):
    async def add_new(self, events: Sequence[InboxEvent]) -> Sequence[InboxEvent]:
        """Store those whose event_id and fingerprint are new, and return them attached, in the order given."""
        ...

    async def unapplied(self, *, limit: int = 100) -> Sequence[InboxEvent]: ...

    async def forget(self, before: datetime) -> None:
        """Delete applied events received before."""
        ...


class UnitOfWork(Protocol):
    """One transaction."""

    @property
    def incidents(self) -> Incidents: ...

    @property
    def roles(self) -> Roles: ...

    @property
    def timeline(self) -> Timeline: ...

    @property
    def unknowns(self) -> Unknowns: ...

    @property
    def updates(self) -> Updates: ...

    @property
    def reminders(self) -> Reminders: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def queue(self) -> Queue: ...

    @property
    def postmortems(self) -> Postmortems: ...

    @property
    def drafts(self) -> Drafts: ...

    @property
    def inbox(self) -> Inbox: ...

    @property
    def register(self) -> RegisterEntries: ...

    @property
    def installations(self) -> Installations: ...

    @property
    def similar(self) -> SimilarIncidents: ...

    @property
    def signals(self) -> Signals: ...

    async def add(self, record: SQLModel) -> None:
        """Save a new record, giving it its id. Raises Conflict when a unique index refuses; the transaction is over."""
        ...

    async def add_all(self, records: Sequence[SQLModel]) -> None:
        """Save new records together, in few statements; raises like `add`."""
        ...

    async def get(self, kind: type[Record], record_id: int) -> Record | None:
        """The record of that id, of whatever workspace; in a transaction that writes, locked against other writers."""
        ...

    async def of_incident(self, kind: type[Record], incident_id: int) -> Sequence[Record]:
        """The incident's records of that kind, by id; as fresh and locked as by `get`."""
        ...

    async def delete(self, record: SQLModel) -> None:
        """Delete the record and what belongs to it.

        An incident's audit rows stay, and so does a job that is running for it; both lose their incident_id.
        """
        ...

    async def status_changes(self, incident_id: int) -> Sequence[StatusChange]: ...

    async def audit(self, incident_id: int) -> Sequence[AuditRecord]: ...

    async def people(self, team: str, users: Collection[str]) -> Mapping[str, Person]: ...

    async def remember(self, person: Person) -> None:
        """Insert or update what is known of a person."""
        ...

    def nested(self) -> AbstractAsyncContextManager[None]:
        """A savepoint: an exception inside undoes only what was done inside, and goes on up.

        Records changed inside are then as they were before it. Raises Conflict as `add` does.
        """
        ...


class Store(Protocol):
    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that writes: committed at the end, rolled back on any exception.

        After a commit that added jobs, whoever listens for jobs is told.
        """
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A consistent view that writes nothing."""
        ...
