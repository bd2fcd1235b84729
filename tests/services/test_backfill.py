"""What happened in a channel while nobody listened, put right from its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.channel_event import Said
from app.domain.incident import Incident, Status
from app.domain.timeline import Mark
from app.ports.chat import ChatBusy
from app.services.jobs.runner import Runner
from app.services.room.people import LearnPerson
from app.services.timeline.backfill import Backfill, BackfillChannel
from app.store import SqlStore
from tests.services.incident_channel import (
    BEN,
    CHANNEL,
    CLEO,
    START,
    Talk,
    declared,
    deleted,
    edited,
    reacted,
    said,
    ts,
)
from tests.services.paper_chat import PaperChat, Quiet


@pytest.fixture
async def incident(store: SqlStore) -> Incident:
    return await declared(store)


class Reading:
    """The backfill of one store, with the channel's history in the chat."""

    def __init__(self, store: SqlStore) -> None:
        self.talk = Talk(store)
        self.chat = PaperChat()
        self.backfill = Backfill(store, self.talk.clock)
        handlers = {
            "backfill.channel": BackfillChannel(store, self.chat, self.talk.clock),
            "person.learn": LearnPerson(self.chat),
            **dict.fromkeys(("card.refresh", "announcement.refresh"), Quiet()),
        }
        self.runner = Runner(store, self.talk.clock, handlers, timedelta(seconds=30))

    async def read(self, *history: Said) -> None:
        self.chat.told = list(history)
        await self.backfill.all()
        await self.runner.run_due()


@pytest.fixture
def reading(store: SqlStore) -> Reading:
    reading = Reading(store)
    reading.talk.clock.at = START + timedelta(minutes=30)
    return reading


async def test_missed_messages_and_threads_are_put_where_they_belong(incident: Incident, reading: Reading) -> None:
    await reading.talk.take(said(1, "heard"))
    await reading.read(said(1, "heard"), said(2, "missed", BEN), said(3, "a reply", CLEO, thread_ts=ts(2)))
    entries = await reading.talk.entries(incident)
    assert [(entry.text, entry.thread_ts) for entry in entries] == [
        ("heard", None),
        ("missed", None),
        ("a reply", ts(2)),
    ]
    assert entries[1].permalink == f"https://paper.example/archives/{CHANNEL}/p{ts(2).replace('.', '')}"


async def test_reading_again_changes_nothing(incident: Incident, reading: Reading) -> None:
    history = [said(1, "x", reactions={"eyes": (BEN.user,)}), said(2, "y", edited_ts=ts(4))]
    await reading.read(*history)
    before = [entry.model_dump() for entry in await reading.talk.entries(incident)]
    await reading.read(*history)
    assert [entry.model_dump() for entry in await reading.talk.entries(incident)] == before


async def test_a_missed_edit_keeps_the_words_before_it(incident: Incident, reading: Reading) -> None:
    await reading.talk.take(said(1, "40 orders"))
    await reading.read(said(1, "412 orders", edited_ts=ts(8)))
    assert (await reading.talk.entry(incident, ts(1))).text == "412 orders"
    assert await reading.talk.wordings(incident, ts(1)) == [(ts(8), "40 orders")]
    await reading.talk.take(edited(1, 8, "412 orders", "40 orders"))
    assert await reading.talk.wordings(incident, ts(1)) == [(ts(8), "40 orders")]


async def test_words_changed_without_a_sign_of_it_count_as_edited_when_noticed(
    incident: Incident, reading: Reading
) -> None:
    await reading.talk.take(said(1, "score 0.4", author_is_bot=True))
    await reading.read(said(1, "score 0.7", author_is_bot=True))
    await reading.read(said(1, "score 0.7", author_is_bot=True))
    assert (await reading.talk.entry(incident, ts(1))).text == "score 0.7"
    assert await reading.talk.wordings(incident, ts(1)) == [(ts(30), "score 0.4")]


async def test_a_missed_deletion_is_noticed_and_the_words_are_kept(incident: Incident, reading: Reading) -> None:
    await reading.talk.take(said(1, "stays"), said(2, "goes"))
    await reading.read(said(1, "stays"))
    gone = await reading.talk.entry(incident, ts(2))
    assert (gone.text, gone.deleted_at) == ("goes", START + timedelta(minutes=30))
    await reading.talk.take(deleted(2, 12, "goes"))
    assert (await reading.talk.entry(incident, ts(2))).deleted_at == START + timedelta(minutes=12)


async def test_what_was_said_while_the_history_was_read_is_not_taken_for_deleted(
    incident: Incident, reading: Reading
) -> None:
    await reading.talk.take(said(29.5, "just now"))
    await reading.read()
    assert (await reading.talk.entry(incident, ts(29.5))).deleted_at is None


async def test_replies_are_not_taken_for_deleted_when_their_thread_could_not_be_read(
    incident: Incident, reading: Reading
) -> None:
    await reading.talk.take(said(1, "root"), said(2, "reply", BEN, thread_ts=ts(1)))
    await reading.read()
    assert (await reading.talk.entry(incident, ts(1))).deleted_at is not None
    assert (await reading.talk.entry(incident, ts(2))).deleted_at is None


async def test_missed_reactions_mark_and_unmark(incident: Incident, reading: Reading) -> None:
    await reading.talk.take(said(1, "x"), said(2, "y"), reacted(2, 3, "dart"))
    await reading.read(said(1, "x", reactions={"pushpin": (BEN.user,)}), said(2, "y"))
    assert (await reading.talk.entry(incident, ts(1))).mark is Mark.MILESTONE
    assert (await reading.talk.entry(incident, ts(2))).mark is Mark.NOTE


async def test_messages_of_before_the_app_listened_complete_their_placeholders(
    incident: Incident, reading: Reading
) -> None:
    await reading.talk.take(reacted(1, 2, "dart", BEN))
    await reading.read(said(1, "We roll back", reactions={"dart": (BEN.user,)}))
    entry = await reading.talk.entry(incident, ts(1))
    assert (entry.seen, entry.mark, entry.marked_by) == (True, Mark.DECISION, BEN.user)


async def test_a_busy_chat_is_asked_again(incident: Incident, reading: Reading) -> None:
    reading.chat.fails["history"] = [ChatBusy("ratelimited", 30)]
    await reading.read(said(1, "x"))
    assert await reading.talk.entries(incident) == []
    reading.talk.clock.move(1)
    await reading.runner.run_due()
    assert len(await reading.talk.entries(incident)) == 1


async def test_what_is_said_after_resolving_is_read_too(store: SqlStore, reading: Reading) -> None:
    resolved = await declared(store, status=Status.RESOLVED)
    await reading.read(said(2, "Why did nobody notice?", BEN))
    assert [entry.text for entry in await reading.talk.entries(resolved)] == ["Why did nobody notice?"]


async def test_ended_incidents_are_not_read(store: SqlStore, reading: Reading) -> None:
    await declared(store, status=Status.CLOSED)
    await declared(store, channel_id=None)
    assert await reading.backfill.all() == 0


async def test_a_message_that_can_not_be_understood_keeps_no_other_back(incident: Incident, reading: Reading) -> None:
    bad = replace(said(2, "bad"), author="U" * 40)
    await reading.read(bad, said(3, "good"))
    assert [entry.text for entry in await reading.talk.entries(incident)] == ["good"]
