from __future__ import annotations

import asyncio
from datetime import timedelta

from app.store import SqlStore
from tests.store.records import NOW, event


async def test_an_event_is_kept_once_by_id_and_by_what_it_tells(store: SqlStore) -> None:
    async with store.write() as uow:
        first = await uow.inbox.add_new([event(2), event(1), event(2), event(9, fingerprint="T1:C1:message:1")])
        assert [(one.event_id, one.body) for one in first] == [("Ev2", {"number": 2}), ("Ev1", {"number": 1})]
    async with store.write() as uow:
        same_id = event(1, fingerprint="another")
        same_fact = event(3, fingerprint="T1:C1:message:2")
        other_team = event(1, team="T2", fingerprint="T2:C1:message:1")
        fresh = await uow.inbox.add_new([same_id, same_fact, other_team, event(4)])
        assert [(one.team, one.event_id) for one in fresh] == [("T2", "Ev1"), ("T1", "Ev4")]
        assert await uow.inbox.add_new([]) == []


async def test_events_come_back_attached_so_that_applying_them_is_saved(store: SqlStore) -> None:
    async with store.write() as uow:
        first, second = await uow.inbox.add_new([event(1), event(2)])
        first.applied_at = NOW
        second.error = "could not be read"
    async with store.read() as uow:
        [waiting] = await uow.inbox.unapplied()
        assert (waiting.event_id, waiting.error) == ("Ev2", "could not be read")


async def test_replicas_that_get_the_same_events_at_once_keep_each_once(store: SqlStore, database_url: str) -> None:
    replicas = [SqlStore(database_url) for _ in range(3)]

    async def receive(replica: SqlStore, *, backwards: bool) -> int:
        async with replica.write() as uow:
            events = [event(number) for number in range(400)]
            return len(await uow.inbox.add_new(events[::-1] if backwards else events))

    stored = await asyncio.gather(*(receive(replicas[turn % 3], backwards=turn % 2 == 1) for turn in range(9)))
    for replica in replicas:
        await replica.close()
    assert sum(stored) == 400


async def test_applied_events_are_forgotten_after_a_while_and_waiting_ones_never(store: SqlStore) -> None:
    async with store.write() as uow:
        applied, _, fresh = await uow.inbox.add_new(
            [event(1), event(2), event(3, received_at=NOW + timedelta(hours=1))]
        )
        applied.applied_at = fresh.applied_at = NOW
    async with store.write() as uow:
        await uow.inbox.forget(NOW + timedelta(minutes=1))
        again = await uow.inbox.add_new([event(1), event(2), event(3)])
        assert [one.event_id for one in again] == ["Ev1"]
