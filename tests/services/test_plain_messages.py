"""The short way into the timeline ends where the long way ends."""

from __future__ import annotations

import pytest

from app.domain.channel_event import ChannelEvent
from app.services.timeline.plain_messages import is_plain
from app.store import SqlStore
from tests.services.incident_channel import BEN, Talk, declared, deleted, edited, reacted, said, ts


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


STORY: list[ChannelEvent] = [
    said(1, "Plain \x00 and \ud83d odd & é 🔥"),
    said(2, "in a thread", BEN, thread_ts=ts(1), author_is_bot=True),
    said(3, "heading a thread", thread_ts=ts(3)),
    said(4, ""),
]


async def test_a_message_put_the_short_way_is_the_entry_that_its_facts_show(store: SqlStore) -> None:
    short, long = await declared(store), await declared(store, channel_id="C2")
    talk = Talk(store)
    await talk.take(said(0, "Makes the channel known"), *STORY)
    for event in STORY:
        moved = type(event)(**{**vars(event), "channel": "C2"})
        assert is_plain(event)
        # The second delivery in one batch makes the message go the long way.
        await talk.capture.take([talk.received(moved), talk.received(moved)])
    shown = [
        [one.model_dump(exclude={"id", "incident_id", "channel_id"}) for one in await talk.entries(incident)]
        for incident in (short, long)
    ]
    assert shown[0][1:] == shown[1]
    assert len(shown[1]) == len(STORY)


@pytest.mark.parametrize(
    "event",
    [
        edited(1, 2, "x"),
        deleted(1, 2),
        reacted(1, 2, "eyes"),
        said(1, "x", edited_ts=ts(2)),
        said(1, "x", files=({"name": "log.txt"},)),
        said(1, "x", reactions={"eyes": ("U1",)}),
    ],
)
def test_whatever_has_more_to_it_goes_the_long_way(event: ChannelEvent) -> None:
    assert not is_plain(event)


async def test_what_is_known_of_a_message_is_kept_when_the_message_comes(store: SqlStore) -> None:
    incident = await declared(store)
    talk = Talk(store)
    await talk.take(said(0, "Makes the channel known"), deleted(1, 9), reacted(2, 3, "dart"))
    await talk.take(said(1, "gone by now"), said(2, "We roll back"), said(4, "new"))
    kept = {entry.text: entry for entry in await talk.entries(incident)}
    assert kept["gone by now"].deleted_at is not None
    assert kept["We roll back"].mark == "decision"
    assert kept["new"].seen


async def test_messages_go_on_being_taken_when_an_incident_is_no_more(store: SqlStore) -> None:
    gone, stays = await declared(store), await declared(store, channel_id="C2")
    talk = Talk(store)
    there = type(STORY[0])(**{**vars(said(1, "here")), "channel": "C2"})
    await talk.take(said(1, "x"), there)
    async with store.write() as uow:
        await uow.delete(await uow.incidents.locked(gone.id or 0))
    later = type(STORY[0])(**{**vars(said(2, "and later")), "channel": "C2"})
    await talk.capture.submit(talk.received(said(2, "into the void")))
    await talk.capture.submit(talk.received(later))
    assert [entry.text for entry in await talk.entries(stays)] == ["here", "and later"]
