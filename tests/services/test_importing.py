"""Incidents of the past, built from what was said in a channel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.channel_event import ChannelEvent, Said
from app.domain.errors import Invalid
from app.domain.incident import Archetype, Kind, Status
from app.domain.status_update import Audience
from app.llm.extractive_drafter import ExtractiveDrafter
from app.ports.chat import Profile
from app.services.actor import Actor
from app.services.drafts.drafts import Drafts
from app.services.records.importing import Importing
from app.services.records.record import Records
from app.store import SqlStore
from tests.services.incident_channel import (
    ANA,
    BEN,
    CHANNEL,
    START,
    TEAM,
    HandClock,
    deleted,
    edited,
    reacted,
    said,
    ts,
)

OPERATOR = Actor("local", "operator", operator=True)
MEMBERS = [Profile(ANA.user, "Ana"), Profile("UBOT", "Drift monitor", is_bot=True)]
EVENTS: list[ChannelEvent] = [
    said(4, "Which orders?", BEN, thread_ts=ts(2)),
    Said(TEAM, CHANNEL, ts(1), "UBOT", "Drift alarm: score 0.7", author_is_bot=True, author_name="Drift monitor"),
    said(2, "40 orders are gone", reactions={"pushpin": (BEN.user,)}),
    edited(2, 9, "412 orders are gone", "40 orders are gone"),
    said(5, "never mind"),
    deleted(5, 7, "never mind"),
    reacted(4, 6, "question"),
]


@pytest.fixture
def importing(store: SqlStore) -> Importing:
    return Importing(store, HandClock(START + timedelta(days=90)))


async def test_an_import_is_closed_and_dated_by_its_messages(importing: Importing, store: SqlStore) -> None:
    incident = await importing.run("local", "#inc-orders", MEMBERS, EVENTS)
    assert (incident.key, incident.kind, incident.status, incident.archetype) == (
        "INC-1",
        Kind.IMPORTED,
        Status.CLOSED,
        Archetype.UNSURE,
    )
    assert (incident.title, incident.channel_name, incident.channel_id) == (
        "Imported from #inc-orders",
        "inc-orders",
        None,
    )
    assert (incident.declared_at, incident.declared_by) == (START + timedelta(minutes=1), "UBOT")
    record = await Records(store).export("local", "INC-1")
    assert [(one["status"], one["at"]) for one in record["status_history"]] == [
        ("investigating", "2026-11-23T09:01:00Z"),
        ("closed", "2026-11-23T09:09:00Z"),
    ]


async def test_messages_of_people_and_apps_threads_edits_deletions_and_marks_become_entries(
    importing: Importing, store: SqlStore
) -> None:
    await importing.run("local", "inc-orders", MEMBERS, EVENTS)
    record = await Records(store).export("local", "INC-1")
    assert [(one["author"], one["text"], one["mark"]) for one in record["timeline"]] == [
        ("UBOT", "Drift alarm: score 0.7", "note"),
        (ANA.user, "412 orders are gone", "milestone"),
        (BEN.user, "Which orders?", "unknown"),
        (ANA.user, "never mind", "note"),
    ]
    assert record["timeline"][1]["revisions"][0]["text"] == "40 orders are gone"
    assert record["timeline"][2]["source"]["thread_ts"] == ts(2)
    assert record["timeline"][3]["deleted_at"] == "2026-11-23T09:07:00Z"
    assert [one["text"] for one in record["unknowns"]] == ["Which orders?"]
    assert await Records(store).names("local", "INC-1") == {ANA.user: "Ana", "UBOT": "Drift monitor"}


async def test_a_question_mark_alone_raises_no_unknown(importing: Importing, store: SqlStore) -> None:
    await importing.run("local", "inc-orders", MEMBERS, [said(1, "Since when? Why?")])
    assert (await Records(store).export("local", "INC-1"))["unknowns"] == []


async def test_an_import_owes_the_chat_nothing(importing: Importing, store: SqlStore) -> None:
    await importing.run("local", "inc-orders", MEMBERS, EVENTS)
    async with store.read() as uow:
        assert await uow.jobs.next_due_at() is None
        assert await uow.incidents.with_channel(open_only=False) == []


async def test_drafts_work_on_it_as_of_any_time(importing: Importing, store: SqlStore) -> None:
    await importing.run("local", "inc-orders", MEMBERS, EVENTS)
    drafts = Drafts(store, HandClock(), ExtractiveDrafter())
    async with store.read() as uow:
        incident = await uow.incidents.by_key("local", "INC-1")
        assert incident is not None
        then = await drafts.evidence(uow, incident, as_of=START + timedelta(minutes=6))
    assert then.incident.status is Status.INVESTIGATING
    assert [entry.text for entry in then.entries][1] == "40 orders are gone"
    draft = await drafts.extractive(OPERATOR, "INC-1", Audience.RESPONDERS, START + timedelta(minutes=10))
    assert "412 orders" in str(draft.sections)


async def test_importing_twice_makes_two_incidents(importing: Importing) -> None:
    first = await importing.run("local", "inc-orders", MEMBERS, EVENTS)
    second = await importing.run("local", "inc-orders", MEMBERS, EVENTS)
    assert (first.key, second.key) == ("INC-1", "INC-2")


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([], "Nobody said anything in #inc-orders"),
        ([reacted(1, 2, "eyes")], "Nobody said anything"),
        ([said(1, "x"), edited(2, 3, "y", author=Actor(TEAM, "U" * 40))], "can't be imported"),
    ],
)
async def test_what_can_not_be_imported_is_said_and_leaves_nothing(
    importing: Importing, store: SqlStore, events: list[ChannelEvent], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        await importing.run("local", "inc-orders", MEMBERS, events)
    async with store.read() as uow:
        assert await uow.incidents.recent("local") == []
