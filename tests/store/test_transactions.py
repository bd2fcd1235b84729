from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError, PendingRollbackError, StatementError

from app.domain.audit import AuditRecord
from app.domain.errors import Conflict, NotFound
from app.domain.incident import Incident
from app.domain.job import Job, JobState
from app.domain.timeline import EntryRevision, Unknown
from app.ports.store import UnitOfWork
from app.store import SqlStore
from tests.store.records import NOW, declare, entry, job


class Upset(Exception):
    pass


async def test_a_transaction_is_kept_as_a_whole_or_not_at_all(store: SqlStore) -> None:
    incident = await declare(store)

    async def half_done() -> None:
        async with store.write() as uow:
            (await uow.incidents.locked(incident.id)).title = "Changed"
            await uow.add(entry(incident))
            await uow.jobs.add(job())
            raise Upset

    with pytest.raises(Upset):
        await half_done()
    async with store.read() as uow:
        kept = await uow.incidents.by_key("T1", "INC-1")
        assert kept is not None
        assert kept.title == "A fault"
        assert await uow.timeline.entries(incident.id) == []
        assert await uow.jobs.next_due_at() is None


async def test_changing_a_loaded_record_saves_it(store: SqlStore) -> None:
    incident = await declare(store)
    async with store.write() as uow:
        (await uow.incidents.locked(incident.id)).title = "Changed"
    async with store.read() as uow:
        kept = await uow.get(Incident, incident.id)
    assert kept is not None
    assert kept.title == "Changed"


async def test_a_record_that_left_the_store_is_plain_data(store: SqlStore) -> None:
    incident = await declare(store)
    assert incident.key == "INC-1"
    assert inspect(incident).detached
    async with store.read() as uow:
        found = await uow.incidents.by_key("T1", "inc-1 ")
    assert found is not None
    assert found.model_dump() == incident.model_dump()


async def test_200_concurrent_increments_are_all_kept(store: SqlStore) -> None:
    incident = await declare(store)

    async def increment() -> None:
        async with store.write() as uow:
            (await uow.incidents.locked(incident.id)).unknown_count += 1

    await asyncio.gather(*(increment() for _ in range(200)))
    async with store.read() as uow:
        counted = await uow.get(Incident, incident.id)
    assert counted is not None
    assert counted.unknown_count == 200


async def test_losing_against_a_unique_index_is_a_conflict_and_ends_the_transaction(store: SqlStore) -> None:
    """Whoever swallows the conflict can't commit the rest by mistake."""
    incident = await declare(store)

    async def swallow() -> None:
        async with store.write() as uow:
            await uow.add(entry(incident, text="Before"))
            with pytest.raises(Conflict, match="faster"):
                await uow.add(_another(incident))
            await uow.timeline.entries(incident.id)

    with pytest.raises(PendingRollbackError):
        await swallow()
    async with store.read() as uow:
        assert await uow.timeline.entries(incident.id) == []


async def test_a_conflict_found_only_at_the_commit_is_one_too(store: SqlStore) -> None:
    await declare(store, channel_id="C1")
    other = await declare(store)

    async def take_its_channel() -> None:
        async with store.write() as uow:
            (await uow.incidents.locked(other.id)).channel_id = "C1"

    with pytest.raises(Conflict):
        await take_its_channel()


async def test_a_savepoint_undoes_only_what_was_done_inside(store: SqlStore) -> None:
    incident = await declare(store)

    async def lose(uow: UnitOfWork, loaded: Incident) -> None:
        async with uow.nested():
            loaded.title = "Inside"
            await uow.add(entry(incident, ts="2"))
            await uow.add(entry(incident, ts="1"))

    async with store.write() as uow:
        loaded = await uow.incidents.locked(incident.id)
        loaded.summary = "Before"
        await uow.add(entry(incident, ts="1"))
        with pytest.raises(Conflict):
            await lose(uow, loaded)
        assert (loaded.title, loaded.summary) == ("A fault", "Before")
        async with uow.nested():
            await uow.add(entry(incident, ts="3"))
    async with store.read() as uow:
        kept = await uow.incidents.locked(incident.id)
        assert (kept.title, kept.summary) == ("A fault", "Before")
        assert [saved.ts for saved in await uow.timeline.entries(incident.id)] == ["1", "3"]


async def test_an_error_inside_a_savepoint_does_not_hide_behind_it(store: SqlStore) -> None:
    incident = await declare(store)

    async def fail(uow: UnitOfWork) -> None:
        async with uow.nested():
            await uow.add(entry(incident))
            raise Upset

    async with store.write() as uow:
        with pytest.raises(Upset):
            await fail(uow)
        await uow.add(entry(incident, text="Afterwards"))
    async with store.read() as uow:
        assert [saved.text for saved in await uow.timeline.entries(incident.id)] == ["Afterwards"]


async def test_a_view_can_not_write(store: SqlStore) -> None:
    incident = await declare(store)

    async def try_to() -> None:
        async with store.read() as uow:
            await uow.add(entry(incident))

    with pytest.raises(DBAPIError, match=r"read-?only"):
        await try_to()


async def test_a_view_stays_as_it_was_while_others_write(store: SqlStore) -> None:
    incident = await declare(store)
    async with store.read() as view:
        assert await view.timeline.entries(incident.id) == []
        async with store.write() as uow:
            await uow.add(entry(incident))
        assert await view.timeline.entries(incident.id) == []
    async with store.read() as view:
        assert len(await view.timeline.entries(incident.id)) == 1


async def test_a_write_inside_a_write_is_refused_instead_of_waiting_for_itself(store: SqlStore) -> None:
    async def write_twice() -> None:
        async with store.write(), store.write():
            pass

    with pytest.raises(RuntimeError, match="own task"):
        await write_twice()


async def test_a_cancelled_transaction_changes_nothing_and_blocks_nobody(store: SqlStore) -> None:
    incident = await declare(store)
    begun = asyncio.Event()

    async def slow() -> None:
        async with store.write() as uow:
            await uow.add(entry(incident))
            begun.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(slow())
    await begun.wait()
    waiting = [asyncio.create_task(declare(store)) for _ in range(3)]
    # Begun, and too short a time for it to end.
    await asyncio.sleep(0)
    task.cancel()
    waiting[0].cancel()
    await asyncio.gather(task, *waiting, return_exceptions=True)
    async with asyncio.timeout(5), store.read() as uow:
        assert await uow.timeline.entries(incident.id) == []
        assert len(await uow.incidents.recent("T1")) == 3


async def test_cancelling_at_any_moment_leaves_the_store_working(store: SqlStore) -> None:
    for step in range(40):
        task = asyncio.create_task(declare(store, title=f"Attempt {step}"))
        await asyncio.sleep(step * 0.0002)
        task.cancel()
        # Shorter than SQLite waits for a lock that nobody gives back.
        async with asyncio.timeout(10):
            await asyncio.gather(task, return_exceptions=True)
    last = await declare(store)
    async with store.read() as uow:
        kept = await uow.incidents.recent("T1", limit=100)
    assert [incident.number for incident in kept] == list(range(last.number, 0, -1))


@pytest.mark.parametrize("naive", [datetime(2026, 11, 23, 9, 0)])  # noqa: DTZ001
async def test_a_naive_instant_is_refused(store: SqlStore, naive: datetime) -> None:
    with pytest.raises(StatementError, match="naive datetime refused"):
        await declare(store, declared_at=naive)

    async def claim() -> None:
        async with store.write() as uow:
            await uow.jobs.claim(naive, lease=timedelta(minutes=1))

    with pytest.raises(StatementError, match="naive datetime refused"):
        await claim()


async def test_instants_come_back_aware_and_equal_to_the_microsecond(store: SqlStore) -> None:
    moment = NOW + timedelta(microseconds=123456)
    incident = await declare(store, declared_at=moment.astimezone(tz=None))
    async with store.read() as uow:
        kept = await uow.incidents.locked(incident.id)
    assert kept.declared_at == moment
    assert kept.declared_at.utcoffset() == timedelta(0)


async def test_whoever_listens_for_jobs_is_told_after_the_commit_when_the_earliest_is_due(store: SqlStore) -> None:
    told: list[datetime] = []
    store.on_jobs = told.append
    async with store.write() as uow:
        await uow.jobs.add(job("later", due_at=NOW + timedelta(hours=1)))
        await uow.jobs.add(job("now"))
        assert told == []
    assert told == [NOW]
    await declare(store)
    assert told == [NOW]


async def test_an_incident_takes_all_that_belongs_to_it_along_but_not_the_audit(store: SqlStore) -> None:
    incident = await declare(store)
    now = NOW + timedelta(seconds=1)
    async with store.write() as uow:
        said = entry(incident, ts="1")
        await uow.add(said)
        await uow.add(EntryRevision(team="T1", incident_id=incident.id, entry_id=said.id, at=NOW, text="Earlier"))
        await uow.add(
            Unknown(
                team="T1", incident_id=incident.id, number=1, text="?", raised_at=NOW, raised_by="U1", entry_id=said.id
            )
        )
        await uow.add(_another(incident, number=7))
        await uow.add(AuditRecord(team="T1", incident_id=incident.id, at=NOW, by="U1", action="declare"))
        await uow.jobs.add(job("running", incident_id=incident.id))
        [running] = await uow.jobs.claim(now, lease=timedelta(minutes=1))
        await uow.jobs.add(job("pending", incident_id=incident.id))
    async with store.write() as uow:
        held = await uow.jobs.held(running.id, running.token)
        await uow.delete(await uow.incidents.locked(incident.id))
        held.state = JobState.FAILED
    async with store.read() as uow:
        assert await uow.get(Incident, incident.id) is None
        assert await uow.timeline.entries(incident.id) == []
        assert (await uow.get(Job, running.id)).incident_id is None
        assert await uow.jobs.next_due_at() is None
        assert (await uow.get(AuditRecord, 1)).incident_id is None
        with pytest.raises(NotFound):
            await uow.incidents.locked(incident.id)


def _another(incident: Incident, number: int | None = None) -> Incident:
    fields = incident.model_dump(exclude={"id"})
    return Incident(**(fields | {"number": number or incident.number}))
