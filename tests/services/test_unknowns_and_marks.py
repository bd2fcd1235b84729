"""What people put on the timeline themselves, and the numbered list of what nobody knows."""

from __future__ import annotations

import asyncio

import pytest

from app.domain.errors import Invalid, NotFound
from app.domain.incident import Incident, Visibility
from app.domain.timeline import Mark, Origin
from app.services.actor import Actor
from app.services.timeline.marks import Marks
from app.services.timeline.unknowns import Unknowns
from app.store import SqlStore
from tests.services.incident_channel import (
    ANA,
    BEN,
    CHANNEL,
    CLEO,
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


@pytest.fixture
def marks(talk: Talk) -> Marks:
    return Marks(talk.store, talk.clock)


@pytest.fixture
def unknowns(talk: Talk) -> Unknowns:
    return Unknowns(talk.store, talk.clock)


async def test_a_note_taken_through_the_bot_is_an_entry_of_that_person(
    incident: Incident, talk: Talk, marks: Marks
) -> None:
    talk.clock.move(3)
    entry = await marks.note(BEN, "inc-1", Mark.DECISION, "  We roll the agent back ")
    assert (entry.text, entry.mark, entry.author, entry.origin) == (
        "We roll the agent back",
        Mark.DECISION,
        BEN.user,
        Origin.PERSON,
    )
    assert entry.at == talk.clock.now()
    async with talk.store.read() as uow:
        (audit,) = await uow.audit(incident.id or 0)
    assert (audit.by, audit.action, audit.detail) == (BEN.user, "entry.noted", {"mark": "decision"})


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d"])
async def test_a_note_without_words_is_refused_with_how_to_write_one(
    incident: Incident, marks: Marks, text: str
) -> None:
    with pytest.raises(Invalid, match="/ai-incident ruled-out …"):
        await marks.note(ANA, "INC-1", Mark.RULED_OUT, text)


async def test_notes_need_an_incident_that_the_person_may_see(store: SqlStore, marks: Marks) -> None:
    await declared(store, visibility=Visibility.RESTRICTED)
    with pytest.raises(NotFound):
        await marks.note(Actor(TEAM, CLEO.user), "INC-1", Mark.NOTE, "x")
    with pytest.raises(NotFound):
        await marks.note(ANA, "INC-9", Mark.NOTE, "x")
    assert (await marks.note(CLEO, "INC-1", Mark.NOTE, "from the channel")).author == CLEO.user


async def test_the_message_shortcut_marks_a_message_and_note_unmarks_it(
    incident: Incident, talk: Talk, marks: Marks
) -> None:
    await talk.take(said(1, "412 orders were deleted"))
    talk.clock.move(2)
    entry = await marks.mark(BEN, CHANNEL, ts(1), Mark.IMPACT)
    assert (entry.mark, entry.marked_by) == (Mark.IMPACT, BEN.user)
    talk.clock.move(1)
    await marks.mark(BEN, CHANNEL, ts(1), Mark.NOTE)
    assert (await talk.entry(incident, ts(1))).mark is Mark.NOTE


async def test_only_messages_on_a_timeline_can_be_marked(incident: Incident, talk: Talk, marks: Marks) -> None:
    await talk.take(reacted(4, 5, "eyes"))
    for channel, at in [("C9", ts(1)), (CHANNEL, ts(1)), (CHANNEL, ts(4))]:
        with pytest.raises(NotFound):
            await marks.mark(BEN, channel, at, Mark.IMPACT)


async def test_unknowns_are_numbered_without_gaps_however_they_are_raised(
    incident: Incident, talk: Talk, marks: Marks, unknowns: Unknowns
) -> None:
    await talk.take(said(1, "Which customers?"), said(2, "Since when?"))
    await asyncio.gather(
        unknowns.raise_(ANA, "INC-1", "Is the backup whole?"),
        talk.take(reacted(1, 3, "question")),
        marks.mark(BEN, CHANNEL, ts(2), Mark.UNKNOWN),
        marks.note(CLEO, "INC-1", Mark.UNKNOWN, "Who has the key?"),
    )
    listed = await unknowns.list(ANA, "INC-1")
    assert [one.number for one in listed] == [1, 2, 3, 4]
    assert {one.text for one in listed} == {
        "Which customers?",
        "Since when?",
        "Is the backup whole?",
        "Who has the key?",
    }


async def test_marking_one_message_twice_raises_one_unknown(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "Since when?"), reacted(1, 2, "question", BEN), reacted(1, 3, "question", CLEO))
    assert [one.number for one in await talk.unknowns(incident)] == [1]


async def test_an_answer_says_which_unknown_it_answers_and_who_when_where(
    incident: Incident, talk: Talk, unknowns: Unknowns
) -> None:
    await unknowns.raise_(ANA, "INC-1", "Since when?")
    talk.clock.move(7)
    answered = await unknowns.answer(BEN, "INC-1", 1, "Since the deploy at 08:40")
    assert (answered.answered_by, answered.answered_at) == (BEN.user, talk.clock.now())
    entries = {entry.id: entry for entry in await talk.entries(incident)}
    entry = entries[answered.answer_entry_id]
    assert (entry.text, entry.mark) == ("Answer to unknown 1 (Since when?): Since the deploy at 08:40", Mark.ANSWERED)


async def test_a_better_answer_replaces_the_first_and_both_stay_on_the_timeline(
    incident: Incident, talk: Talk, unknowns: Unknowns
) -> None:
    await unknowns.raise_(ANA, "INC-1", "Since when?")
    await unknowns.answer(BEN, "INC-1", 1, "08:40")
    second = await unknowns.answer(CLEO, "INC-1", 1, "08:10")
    texts = {entry.id: entry.text for entry in await talk.entries(incident)}
    assert texts[second.answer_entry_id] == "New answer to unknown 1 (Since when?): 08:10"
    assert "Answer to unknown 1 (Since when?): 08:40" in texts.values()


async def test_an_answer_to_no_unknown_is_refused_and_says_which_there_are(
    incident: Incident, unknowns: Unknowns
) -> None:
    with pytest.raises(NotFound, match="No unknown has been raised"):
        await unknowns.answer(BEN, "INC-1", 1, "x")
    await unknowns.raise_(ANA, "INC-1", "Since when?")
    with pytest.raises(NotFound, match="has 1"):
        await unknowns.answer(BEN, "INC-1", 2, "x")
    with pytest.raises(Invalid):
        await unknowns.answer(BEN, "INC-1", 1, " ")


async def test_a_checked_reply_answers_the_unknown_of_its_thread_and_unchecking_reopens_it(
    incident: Incident, talk: Talk
) -> None:
    await talk.take(said(1, "Since when?"), reacted(1, 2, "question"), said(3, "08:40", BEN, thread_ts=ts(1)))
    await talk.take(reacted(3, 5, "white_check_mark", CLEO))
    (unknown,) = await talk.unknowns(incident)
    assert unknown.answer_entry_id == (await talk.entry(incident, ts(3))).id
    assert unknown.answered_by == CLEO.user
    await talk.take(reacted(3, 6, "white_check_mark", CLEO, removed=True))
    (unknown,) = await talk.unknowns(incident)
    assert (unknown.answered_at, unknown.answer_entry_id) == (None, None)


async def test_an_answer_in_words_stands_whatever_marks_say(incident: Incident, talk: Talk, unknowns: Unknowns) -> None:
    await talk.take(said(1, "Since when?"), reacted(1, 2, "question"), said(3, "08:40", BEN, thread_ts=ts(1)))
    answered = await unknowns.answer(BEN, "INC-1", 1, "08:10")
    await talk.take(reacted(3, 5, "white_check_mark"), reacted(1, 6, "question", removed=True))
    (unknown,) = await talk.unknowns(incident)
    assert unknown.answer_entry_id == answered.answer_entry_id


async def test_deleting_the_message_of_an_unknown_does_not_lose_it(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "Since when?"), reacted(1, 2, "question"), deleted(1, 4))
    (unknown,) = await talk.unknowns(incident)
    assert (unknown.text, unknown.answered_at) == ("Since when?", None)


async def test_an_unknown_follows_the_edits_of_its_message(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "Since wen?"), reacted(1, 2, "question"), edited(1, 4, "Since when?", "Since wen?"))
    assert [one.text for one in await talk.unknowns(incident)] == ["Since when?"]


async def test_taking_the_question_mark_away_withdraws_the_unknown_and_keeps_its_number(
    incident: Incident, talk: Talk, unknowns: Unknowns
) -> None:
    await talk.take(said(1, "x"), reacted(1, 2, "question"), reacted(1, 3, "question", removed=True))
    await unknowns.raise_(ANA, "INC-1", "Since when?")
    first, second = await talk.unknowns(incident)
    assert (first.number, first.answer_entry_id, second.number) == (1, None, 2)
    assert first.answered_at is not None
