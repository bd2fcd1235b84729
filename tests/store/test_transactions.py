from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import inspect

from app.domain.incident import Incident
from app.store import SqlStore
from tests.store.records import declare, entry, job


class Upset(Exception):
    pass


async def test_a_transaction_is_kept_as_a_whole_or_not_at_all(store: SqlStore) -> None:
    incident = await declare(store)
    with pytest.raises(Upset):
        async with store.write() as uow:
            (await uow.incidents.locked(incident.id)).title = "Changed"
            await uow.add(entry(incident))
            await uow.jobs.add(job())
            raise Upset
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
