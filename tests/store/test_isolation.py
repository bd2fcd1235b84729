"""No question crosses from one workspace into another.

Two workspaces have equal keys, channels, people and messages. Each question is asked for one of them and must answer
with its records alone; a new question has to be added to one of the two tables below.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel

from app.domain.audit import DECLARED, AuditRecord
from app.domain.incident import Incident, Severity, Status, StatusChange
from app.domain.installation import Installation
from app.domain.job import Job, JobState
from app.domain.person import Person
from app.domain.postmortem import Postmortem
from app.domain.register_entry import RegisterChange, RegisterEntry
from app.domain.reminder import Reminder, ReminderKind
from app.domain.roles import Role, RoleHolding
from app.domain.signal import Signal, SignalKind
from app.domain.status_update import Audience, StatusUpdate, UpdateStatus
from app.domain.timeline import EntryRevision, TimelineEntry, Unknown
from app.ports.store import Store, UnitOfWork
from app.store.tables import METADATA
from app.store.unit_of_work import SqlUnitOfWork
from tests.store.records import LEASE, NOW, declare, draft, entry, event, job
from tests.store.test_installations import installation

OURS, THEIRS = "T1", "T2"
RESPONDERS = Audience.RESPONDERS
Ask = Callable[[UnitOfWork, "Ids"], Awaitable[Any]]


@dataclass(frozen=True)
class Ids:
    """Ids of our own records."""

    incident: int
    entry: int


QUESTIONS: Mapping[str, Ask] = {
    "audit": lambda uow, ids: uow.audit(ids.incident),
    "of_incident": lambda uow, ids: uow.of_incident(TimelineEntry, ids.incident),
    "people": lambda uow, _: uow.people(OURS, ["U1"]),
    "status_changes": lambda uow, ids: uow.status_changes(ids.incident),
    "drafts.last_update_by_model": lambda uow, ids: uow.drafts.last_update_by_model(ids.incident, RESPONDERS, NOW),
    "incidents.by_channel": lambda uow, _: uow.incidents.by_channel(OURS, "C1"),
    "incidents.by_channels": lambda uow, _: uow.incidents.by_channels(OURS, ["C1"]),
    "incidents.by_key": lambda uow, _: uow.incidents.by_key(OURS, "INC-1"),
    "incidents.locked": lambda uow, ids: uow.incidents.locked(ids.incident),
    "incidents.of_form": lambda uow, _: uow.incidents.of_form(OURS, "U1", "V1", above=0),
    "incidents.of_system": lambda uow, _: uow.incidents.of_system(OURS, "support-bot"),
    "incidents.open": lambda uow, _: uow.incidents.open(OURS),
    "incidents.recent": lambda uow, _: uow.incidents.recent(OURS),
    "installations.of": lambda uow, _: uow.installations.of(OURS),
    "jobs.failed": lambda uow, ids: uow.jobs.failed(ids.incident),
    "postmortems.all": lambda uow, ids: uow.postmortems.all(ids.incident),
    "postmortems.latest": lambda uow, ids: uow.postmortems.latest(ids.incident),
    "register.changes": lambda uow, _: uow.register.changes(OURS, "support-bot"),
    "register.entries": lambda uow, _: uow.register.entries(OURS),
    "register.entry": lambda uow, _: uow.register.entry(OURS, "support-bot"),
    "reminders.all": lambda uow, ids: uow.reminders.all(ids.incident),
    "reminders.pending": lambda uow, ids: uow.reminders.pending(ids.incident),
    "roles.history": lambda uow, ids: uow.roles.history(ids.incident),
    "roles.holders": lambda uow, ids: uow.roles.holders(ids.incident),
    "signals.between": lambda uow, _: uow.signals.between(OURS, NOW, NOW),
    "signals.by_external_id": lambda uow, _: uow.signals.by_external_id(OURS, "ci", "7"),
    "timeline.by_all_ts": lambda uow, ids: uow.timeline.by_all_ts([ids.incident], ["1.000001", "1.000002"]),  # type: ignore[attr-defined]
    "timeline.by_ts": lambda uow, ids: uow.timeline.by_ts(ids.incident, "1.000001"),
    "timeline.entries": lambda uow, ids: uow.timeline.entries(ids.incident),
    "timeline.layered": lambda uow, ids: uow.timeline.layered(ids.incident),
    "timeline.replies": lambda uow, ids: uow.timeline.replies(ids.incident, "1.000001"),  # type: ignore[attr-defined]
    "timeline.revisions": lambda uow, ids: uow.timeline.revisions(ids.incident),
    "unknowns.all": lambda uow, ids: uow.unknowns.all(ids.incident),
    "unknowns.by_entry": lambda uow, ids: uow.unknowns.by_entry(ids.entry),
    "unknowns.by_number": lambda uow, ids: uow.unknowns.by_number(ids.incident, 1),
    "updates.all": lambda uow, ids: uow.updates.all(ids.incident),
    "updates.last_published": lambda uow, ids: uow.updates.last_published(ids.incident),
    "updates.waiting": lambda uow, ids: uow.updates.waiting(ids.incident),
}

# What answers with something else than records, or writes: each has a test of its own in this room.
OTHERWISE = {
    "incidents.next_number": "counts for each workspace: test_the_numbers_of_workspaces_are_their_own",
    "roles.incidents_of": "ids: test_a_persons_roles_are_those_of_the_workspace",
    "timeline.last_message_ts": "a ts: of one incident",
    "timeline.permalinks": "addresses of given entries",
    "drafts.spent_on": "a sum: test_what_drafts_cost_is_counted_for_each_workspace",
    "drafts.spent_since": "a sum: test_what_drafts_cost_is_counted_for_each_workspace",
    "jobs.cancel": "test_cancelling_suspending_and_resuming_leave_the_other_workspace_alone",
    "jobs.suspend": "test_cancelling_suspending_and_resuming_leave_the_other_workspace_alone",
    "jobs.resume": "test_cancelling_suspending_and_resuming_leave_the_other_workspace_alone",
    "jobs.add": "one pending job for each workspace and key: test_equal_keys_of_jobs_are_owed_side_by_side",
    "jobs.add_all": "the same statement",
    "inbox.add_new": "test_equal_events_of_two_workspaces_are_both_kept",
    "similar.find": "test_restricted_incidents_drills_and_other_workspaces_are_never_found",
    "similar.index": "writes the words of the incident that it is given",
    "timeline.put_new": "writes the rows it is given, each with its workspace",
    "remember": "test_a_person_is_remembered_for_each_workspace",
}
# What looks after every workspace at once; no use case that a person starts calls these.
ALL_WORKSPACES = {
    "incidents.teams",
    "incidents.open_counts",
    "incidents.resolved_with_channel",
    "incidents.with_channel",
    "installations.active",
    "installations.ended",
    "installations.forget_attempts",
    "installations.take_attempt",
    "inbox.forget",
    "inbox.unapplied",
    "jobs.claim",
    "jobs.claim_added",
    "jobs.counts",
    "jobs.forget",
    "jobs.next_due_at",
}
# By id, by token, or on a record at hand: the services see to the workspace (tests/scenarios/test_isolation.py).
BY_ID = {"add", "add_all", "delete", "get", "nested", "jobs.held", "jobs.put_back", "jobs.renew"}


def questions() -> Iterator[str]:
    """Every public method of a transaction, by its name there."""
    uow = SqlUnitOfWork(None, writing=False)  # type: ignore[arg-type]
    for name, _ in inspect.getmembers(SqlUnitOfWork, inspect.isfunction):
        if not name.startswith("_"):
            yield name
    for subject, asked in vars(uow).items():
        if not subject.startswith("_"):
            members = inspect.getmembers(type(asked), inspect.isfunction)
            yield from (f"{subject}.{name}" for name, _ in members if not name.startswith("_"))


@pytest.fixture
async def ids(store: Store) -> Ids:
    """Ids of our workspace's records; the other's are equal but for those."""
    await furnish(store, THEIRS)
    found = await furnish(store, OURS)
    await furnish(store, "T3")
    return found


async def furnish(store: Store, team: str) -> Ids:
    incident = await declare(store, team, channel_id="C1", channel_name="inc-1", system="support-bot")
    assert incident.id is not None
    of: dict[str, Any] = {"team": team, "incident_id": incident.id}
    said = entry(incident, ts="1.000001", channel_id="C1", layer="input")
    records: list[SQLModel] = [
        said,
        entry(incident, ts="1.000002", thread_ts="1.000001", channel_id="C1"),
        StatusChange(**of, status=Status.INVESTIGATING, severity=Severity.SEV2, at=NOW, by="U1"),
        AuditRecord(**of, at=NOW, by="U1", action=DECLARED, detail={"form": "V1"}),
        RoleHolding(**of, role=Role.SCRIBE, user="U1", from_at=NOW, given_by="U1"),
        Reminder(**of, kind=ReminderKind.UPDATE_DUE, promise=1, due_at=NOW),
        Job(**of, kind="x", key="failed", due_at=NOW, state=JobState.FAILED),
        RegisterEntry(team=team, key="support-bot", entry={}, changed_at=NOW, changed_by="U1"),
        RegisterChange(**of, key="support-bot", at=NOW, by="U1"),
        Person(team=team, user="U1", name=f"Ada of {team}"),
        installation(team),
        draft(incident),
        Signal(**signal_of(team)),
    ]
    async with store.write() as uow:
        for record in records:
            await uow.add(record)
        assert said.id is not None
        await uow.add(EntryRevision(**of, entry_id=said.id, at=NOW, text="before"))
        await uow.add(Unknown(**of, number=1, text="Why?", entry_id=said.id, raised_at=NOW, raised_by="U1"))
        for version, status in ((1, UpdateStatus.PUBLISHED), (2, UpdateStatus.DRAFT)):
            await uow.add(update(of, version, status))
        await uow.add(Postmortem(**of, version=1, sections={}, drafted_by="U1", drafted_at=NOW))
    return Ids(incident.id, said.id)


def signal_of(team: str) -> dict[str, Any]:
    about = {"kind": SignalKind.DEPLOY, "title": "gateway 4", "at": NOW, "received_at": NOW}
    return {"team": team, "source": "ci", "external_id": "7", **about}


def update(of: Mapping[str, Any], version: int, status: UpdateStatus) -> StatusUpdate:
    published = NOW if status is UpdateStatus.PUBLISHED else None
    return StatusUpdate(
        **of,
        version=version,
        audience=Audience.RESPONDERS,
        status=status,
        sections={},
        next_update_minutes=60,
        drafted_by="U1",
        drafted_at=NOW,
        published_at=published,
    )


def records_in(answer: Any) -> list[SQLModel]:
    if isinstance(answer, Mapping):
        return list(answer.values())
    if isinstance(answer, SQLModel):
        return [answer]
    return list(answer or [])


def test_every_question_is_in_one_of_the_tables() -> None:
    # The engine's queue knows jobs by id alone, those of every workspace.
    asked = {name for name in questions() if not name.startswith("queue.")}
    assert asked == set(QUESTIONS) | set(OTHERWISE) | ALL_WORKSPACES | BY_ID


def test_every_row_belongs_to_a_workspace() -> None:
    """But for the attempts at installing, which are made before the workspace is known."""
    without = [table.name for table in METADATA.sorted_tables if "team" not in table.c or table.c.team.nullable]
    assert without == ["install_attempt"]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_question_is_answered_with_the_workspaces_own_records(store: Store, ids: Ids, question: str) -> None:
    async with store.read() as uow:
        found = records_in(await QUESTIONS[question](uow, ids))
    async with store.write() as uow:
        found += records_in(await QUESTIONS[question](uow, ids))
    assert found
    assert {getattr(record, "team", None) for record in found} == {OURS}
    assert {getattr(record, "incident_id", ids.incident) for record in found} == {ids.incident}
    assert {record.id for record in found if isinstance(record, Incident)} <= {ids.incident}


async def test_the_numbers_of_workspaces_are_their_own(store: Store, ids: Ids) -> None:
    async with store.write() as uow:
        assert [await uow.incidents.next_number(team) for team in (OURS, THEIRS, OURS)] == [2, 2, 3]


async def test_what_drafts_cost_is_counted_for_each_workspace(store: Store, ids: Ids) -> None:
    async with store.read() as uow:
        assert await uow.drafts.spent_on(ids.incident) == 7
        assert await uow.drafts.spent_since(OURS, NOW) == 7
        assert await uow.drafts.spent_since("T9", NOW) == 0


async def test_a_persons_roles_are_those_of_the_workspace(store: Store, ids: Ids) -> None:
    async with store.read() as uow:
        assert await uow.roles.incidents_of(OURS, "U1") == {ids.incident}
        assert await uow.roles.incidents_of("T9", "U1") == frozenset()


async def test_equal_keys_of_jobs_are_owed_side_by_side(store: Store) -> None:
    async with store.write() as uow:
        assert await uow.jobs.add(job("INC-1:card", team=OURS, lock="INC-1:card"))
        assert await uow.jobs.add(job("INC-1:card", team=THEIRS, lock="INC-1:card"))
    async with store.write() as uow:
        assert {one.team for one in await uow.jobs.claim(NOW, lease=LEASE)} == {OURS, THEIRS}


async def test_cancelling_suspending_and_resuming_leave_the_other_workspace_alone(store: Store) -> None:
    async with store.write() as uow:
        for team in (OURS, THEIRS):
            for key in ("a", "b", "c"):
                await uow.jobs.add(job(key, team=team))
        await uow.jobs.cancel(OURS, "a")
        await uow.jobs.suspend(OURS)
    async with store.write() as uow:
        assert await uow.jobs.resume(THEIRS) == 0
        assert {(one.team, one.key) for one in await uow.jobs.claim(NOW, lease=LEASE)} == {
            (THEIRS, "a"),
            (THEIRS, "b"),
            (THEIRS, "c"),
        }


async def test_equal_events_of_two_workspaces_are_both_kept(store: Store) -> None:
    ours = event(1, team=OURS, fingerprint=f"{OURS}:C1:message:1")
    theirs = event(1, team=THEIRS, fingerprint=f"{THEIRS}:C1:message:1")
    async with store.write() as uow:
        assert len(await uow.inbox.add_new([ours])) == 1
        assert len(await uow.inbox.add_new([theirs])) == 1


async def test_a_person_is_remembered_for_each_workspace(store: Store) -> None:
    async with store.write() as uow:
        await uow.remember(Person(team=OURS, user="U1", name="Ada"))
        await uow.remember(Person(team=THEIRS, user="U1", name="Bo"))
        assert (await uow.people(OURS, ["U1"]))["U1"].name == "Ada"


async def test_ending_one_installation_leaves_the_other(store: Store, ids: Ids) -> None:
    async with store.write() as uow:
        row = await uow.installations.of(OURS)
        assert row is not None
        row.uninstalled_at = NOW + timedelta(days=1)
    async with store.read() as uow:
        others: list[Installation] = list(await uow.installations.active())
    assert [one.team for one in others] == [THEIRS, "T3"]
