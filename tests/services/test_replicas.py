"""Two processes on one PostgreSQL take in the same channel side by side."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from app.domain.channel_event import ChannelEvent
from app.domain.timeline import Mark
from app.services.timeline.unknowns import Unknowns
from app.store import SqlStore
from tests.services.incident_channel import ANA, BEN, Talk, declared, deleted, edited, reacted, said, ts


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


@pytest.fixture
async def other_store(database_url: str) -> AsyncIterator[SqlStore]:
    store = SqlStore(database_url)
    yield store
    await store.close()


async def test_events_of_one_message_taken_by_two_replicas_end_in_one_entry(
    store: SqlStore, other_store: SqlStore
) -> None:
    incident = await declared(store)
    one, two = Talk(store), Talk(other_store)
    story: list[ChannelEvent] = []
    for minute in range(0, 60, 6):
        story += [
            said(minute, "a"),
            edited(minute, minute + 1, "b", "a"),
            edited(minute, minute + 2, "c", "b"),
            reacted(minute, minute + 3, "question"),
            deleted(minute, minute + 4, "c"),
        ]
    random.Random(7).shuffle(story)
    await asyncio.gather(
        *(talk.capture.submit(talk.received(event, f"Ev{at}")) for at, event in enumerate(story) for talk in (one, two))
    )
    entries = await one.entries(incident)
    assert [(entry.text, entry.mark, entry.deleted_at is not None) for entry in entries] == [
        ("c", Mark.UNKNOWN, True)
    ] * 10
    for minute in range(0, 60, 6):
        assert [text for _, text in await one.wordings(incident, ts(minute))] == ["a", "b"]
    assert [unknown.number for unknown in await one.unknowns(incident)] == list(range(1, 11))


async def test_unknowns_raised_at_once_in_two_replicas_are_numbered_without_gaps(
    store: SqlStore, other_store: SqlStore
) -> None:
    incident = await declared(store)
    talk = Talk(store)
    await talk.take(*(said(minute, f"question {minute}") for minute in range(10)))
    lists = [Unknowns(store, talk.clock), Unknowns(other_store, talk.clock)]
    await asyncio.gather(
        *(lists[n % 2].raise_((ANA, BEN)[n % 2], "INC-1", f"asked {n}") for n in range(10)),
        *(Talk(other_store, sent=100 + minute).take(reacted(minute, 20, "question")) for minute in range(10)),
    )
    assert [unknown.number for unknown in await talk.unknowns(incident)] == list(range(1, 21))
