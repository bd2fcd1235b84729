"""What is said in an incident's channel, and what the timeline keeps of it."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from datetime import timedelta

import pytest

from app.domain.channel_event import ChannelEvent, Said
from app.domain.incident import Incident
from app.domain.timeline import Mark
from app.store import SqlStore
from tests.services.incident_channel import (
    ANA,
    BEN,
    CHANNEL,
    CLEO,
    START,
    TEAM,
    Talk,
    declared,
    deleted,
    edited,
    reacted,
    said,
    ts,
)


@pytest.fixture
async def incident(store: SqlStore) -> Incident:
    return await declared(store)


@pytest.fixture
def talk(store: SqlStore) -> Talk:
    return Talk(store)


async def test_a_message_becomes_an_entry_at_the_moment_it_was_said(incident: Incident, talk: Talk) -> None:
    talk.clock.move(90)
    await talk.take(said(3, "The agent deletes orders", thread_ts=ts(1), files=({"name": "log.txt"},)))
    entry = await talk.entry(incident, ts(3))
    assert entry.at == START + timedelta(minutes=3)
    assert (entry.author, entry.text, entry.mark, entry.seen) == (ANA.user, "The agent deletes orders", Mark.NOTE, True)
    assert (entry.thread_ts, entry.channel_id, entry.files) == (ts(1), CHANNEL, [{"name": "log.txt"}])


async def test_an_edit_keeps_every_earlier_wording_with_the_time_until_which_it_stood(
    incident: Incident, talk: Talk
) -> None:
    await talk.take(
        said(1, "40 orders"), edited(1, 5, "400 orders", "40 orders"), edited(1, 9, "412 orders", "400 orders")
    )
    entry = await talk.entry(incident, ts(1))
    assert (entry.text, entry.edited_ts) == ("412 orders", ts(9))
    assert await talk.wordings(incident, ts(1)) == [(ts(5), "40 orders"), (ts(9), "400 orders")]


async def test_an_edit_of_which_the_event_was_lost_leaves_its_words_in_the_next_one(
    incident: Incident, talk: Talk
) -> None:
    await talk.take(said(1, "one"), edited(1, 9, "three", "two"))
    texts = [text for _, text in await talk.wordings(incident, ts(1))]
    assert texts == ["one", "two"]
    await talk.take(edited(1, 5, "two", "one"))
    assert await talk.wordings(incident, ts(1)) == [(ts(5), "one"), (ts(9), "two")]


async def test_a_deleted_message_keeps_its_words(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "it was my deploy"), deleted(1, 4, "it was my deploy"))
    entry = await talk.entry(incident, ts(1))
    assert (entry.text, entry.deleted_at) == ("it was my deploy", START + timedelta(minutes=4))


async def test_a_message_that_was_never_seen_is_known_by_its_edit_or_its_deletion(
    incident: Incident, talk: Talk
) -> None:
    await talk.take(edited(1, 5, "now", "then"), deleted(2, 6, "gone", CLEO))
    assert await talk.wordings(incident, ts(1)) == [(ts(5), "then")]
    gone = await talk.entry(incident, ts(2))
    assert (gone.seen, gone.text, gone.author) == (True, "gone", CLEO.user)


async def test_a_reaction_before_its_message_waits_for_it(incident: Incident, talk: Talk) -> None:
    await talk.take(reacted(1, 2, "dart"), deleted(3, 4))
    assert not (await talk.entry(incident, ts(1))).seen
    assert not (await talk.entry(incident, ts(3))).seen
    await talk.take(said(1, "We roll back"), said(3, "never mind"))
    entry = await talk.entry(incident, ts(1))
    assert (entry.seen, entry.mark, entry.marked_by, entry.text) == (True, Mark.DECISION, BEN.user, "We roll back")
    assert (await talk.entry(incident, ts(3))).deleted_at is not None


async def test_taking_one_of_two_equal_marks_away_keeps_the_mark(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "x"), reacted(1, 2, "pushpin", BEN), reacted(1, 3, "pushpin", CLEO))
    await talk.take(reacted(1, 4, "pushpin", CLEO, removed=True))
    assert (await talk.entry(incident, ts(1))).mark is Mark.MILESTONE
    await talk.take(reacted(1, 5, "pushpin", BEN, removed=True))
    entry = await talk.entry(incident, ts(1))
    assert (entry.mark, entry.marked_by, entry.reactions) == (Mark.NOTE, None, {})


async def test_the_newest_mark_counts_and_the_one_before_comes_back(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "x"), reacted(1, 2, "bulb"), reacted(1, 3, "x", CLEO))
    assert (await talk.entry(incident, ts(1))).mark is Mark.RULED_OUT
    await talk.take(reacted(1, 4, "x", CLEO, removed=True))
    assert (await talk.entry(incident, ts(1))).mark is Mark.HYPOTHESIS


async def test_any_order_and_repetition_ends_in_the_same_record(store: SqlStore, talk: Talk) -> None:
    """The whole of it on a real database; the rules alone are searched wider in tests/domain/test_message.py."""
    story: list[ChannelEvent] = [
        said(1, "Is the cache poisoned?", reactions={"eyes": (CLEO.user,)}),
        edited(1, 3, "Is the prompt cache poisoned?", "Is the cache poisoned?"),
        edited(1, 6, "Is the prompt cache of eu-1 poisoned?", "Is the prompt cache poisoned?"),
        reacted(1, 4, "question"),
        reacted(1, 7, "question", removed=True),
        reacted(1, 8, "question", CLEO),
        said(2, "No, flushed and it persists", BEN, thread_ts=ts(1)),
        reacted(2, 9, "white_check_mark", ANA),
        deleted(1, 12, "Is the prompt cache of eu-1 poisoned?"),
    ]
    ends = []
    for seed in range(12):
        shuffled = [*story, *story[: seed % 4]]
        random.Random(seed).shuffle(shuffled)
        channel = f"C{seed}"
        incident = await declared(store, channel_id=channel, title=f"{seed}")
        for event in shuffled:
            moved = type(event)(**{**vars(event), "channel": channel})
            await talk.capture.take([talk.received(moved)])
        entries = await talk.entries(incident)
        ids = {entry.id: entry.ts for entry in entries}
        ends.append(
            (
                [entry.model_dump(exclude={"id", "incident_id", "channel_id"}) for entry in entries],
                await talk.wordings(incident, ts(1)),
                [
                    one.model_dump(exclude={"id", "incident_id", "entry_id", "answer_entry_id"})
                    | {"entry": ids[one.entry_id], "answer": ids.get(one.answer_entry_id)}
                    for one in await talk.unknowns(incident)
                ],
            )
        )
    assert all(end == ends[0] for end in ends)
    unknown = ends[0][2][0]
    assert (unknown["text"], unknown["answer"]) == ("Is the prompt cache of eu-1 poisoned?", ts(2))


async def test_an_event_that_comes_twice_is_taken_once(incident: Incident, talk: Talk) -> None:
    once = talk.received(said(1, "x"), "Ev1")
    await talk.capture.take([once, once])
    await talk.capture.take([once])
    assert len(await talk.entries(incident)) == 1


async def test_what_is_said_in_other_channels_is_not_kept(incident: Incident, talk: Talk, store: SqlStore) -> None:
    await talk.take(Said(TEAM, "C9", ts(1), ANA.user, "lunch?"))
    assert await talk.entries(incident) == []
    async with store.read() as uow:
        assert await uow.inbox.unapplied() == []


async def test_a_poisonous_event_is_kept_with_its_error_and_the_others_go_on(
    incident: Incident, talk: Talk, store: SqlStore
) -> None:
    bad = Said(TEAM, CHANNEL, "not-a-time", ANA.user, "x")
    await talk.take(said(1, "before"), bad, said(2, "after"))
    assert [entry.text for entry in await talk.entries(incident)] == ["before", "after"]
    async with store.read() as uow:
        (kept,) = await uow.inbox.unapplied()
    assert "not a message timestamp" in kept.error


async def test_what_could_not_be_applied_is_tried_again(incident: Incident, talk: Talk, store: SqlStore) -> None:
    await talk.take(Said(TEAM, CHANNEL, "not-a-time", ANA.user, "x"))
    talk.capture.parse = lambda body: said(1, f"read at last: {body['n']}")
    assert await talk.capture.reapply() == 1
    assert [entry.text for entry in await talk.entries(incident)] == ["read at last: 1"]
    async with store.read() as uow:
        assert await uow.inbox.unapplied() == []


async def test_events_that_arrive_together_are_all_stored_when_submit_returns(incident: Incident, talk: Talk) -> None:
    await asyncio.gather(*(talk.capture.submit(talk.received(said(n, f"message {n}"))) for n in range(300)))
    assert len(await talk.entries(incident)) == 300
    await talk.capture.close()


async def test_submit_raises_when_the_store_is_down(incident: Incident, talk: Talk, database_url: str) -> None:
    with sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///")) as database:
        database.execute("DROP TABLE inbox_event")
    database.close()
    with pytest.raises(Exception, match="inbox_event"):
        await talk.capture.submit(talk.received(said(1, "x")))


async def test_text_of_any_kind_is_kept(incident: Incident, talk: Talk) -> None:
    long = "word " * 8000
    await talk.take(said(1, long), said(2, "\u202eevil\u200b \x00 \ud800 🔥"), said(3, ""))
    texts = [entry.text for entry in await talk.entries(incident)]
    assert texts == [long, "\u202eevil\u200b � � 🔥", ""]


async def test_strangers_are_looked_up_once(incident: Incident, talk: Talk, store: SqlStore) -> None:
    await talk.take(said(1, "hello <@UNEW>"), said(2, "again"), said(3, "x", author_name="Drift monitor", author=BEN))
    async with store.write() as uow:
        jobs = await uow.jobs.claim(talk.clock.now(), lease=timedelta(minutes=1))
        people = await uow.people(TEAM, {BEN.user})
    assert sorted(job.payload["user"] for job in jobs) == [ANA.user, "UNEW"]
    assert people[BEN.user].name == "Drift monitor"
