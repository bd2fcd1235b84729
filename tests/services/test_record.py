"""The exported record, in the published shape, and as Markdown that does nothing."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from app.domain.errors import NotFound
from app.domain.incident import Incident
from app.domain.person import Person
from app.domain.reminder import DEFAULT_CADENCE
from app.domain.roles import Role
from app.domain.status_update import Audience, Section
from app.llm.extractive_drafter import ExtractiveDrafter
from app.services.drafts.drafts import Drafts
from app.services.postmortems.postmortems import Postmortems
from app.services.records.inert_markdown import inert, link, spoken
from app.services.records.markdown import postmortem_markdown, record_markdown, update_markdown
from app.services.records.record import Records
from app.services.reminders import promises
from app.services.timeline.unknowns import Unknowns
from app.services.updates.updates import Updates
from app.store import SqlStore
from tests.services.incident_channel import (
    ANA,
    BEN,
    CLEO,
    START,
    TEAM,
    Talk,
    declared,
    deleted,
    edited,
    holding,
    reacted,
    said,
    ts,
)

HOSTILE = (
    "&lt;script&gt;alert(1)&lt;/script&gt; <https://evil.example|click> ![x](https://evil.example/p.png) "
    "[a](javascript:alert(1)) `code` **bold** www.evil.example a@b.example\n# heading\n- item\n1. one\n---\n| a | b |"
)


@pytest.fixture
async def incident(store: SqlStore) -> Incident:
    return await declared(store, title="Agent *deletes* <b>orders</b>", summary="It began today.")


@pytest.fixture
async def talk(store: SqlStore, incident: Incident) -> Talk:
    """Two messages with a life, a placeholder, an answered and an open unknown, an update and a postmortem."""
    talk = Talk(store)
    await holding(store, incident, Role.COMMS, CLEO)
    async with store.write() as uow:
        await uow.remember(Person(team=TEAM, user=BEN.user, name="Ben [admin]"))
        await promises.set_first(uow, await uow.incidents.locked(incident.id or 0), START, 30)
    file = {"name": "log.txt", "mimetype": "text/plain", "permalink": "https://files.example/log", "secret": "x"}
    await talk.take(
        said(1, "40 orders are gone", files=(file,)),
        edited(1, 5, "412 orders are gone", "40 orders are gone"),
        said(2, HOSTILE, BEN, thread_ts=ts(1)),
        reacted(1, 6, "pushpin"),
        deleted(2, 7, HOSTILE),
        reacted(9, 9, "eyes"),
    )
    talk.clock.move(10)
    unknowns = Unknowns(store, talk.clock)
    await unknowns.raise_(ANA, "INC-1", "Since when?")
    await unknowns.raise_(ANA, "INC-1", "Which customers?")
    await unknowns.answer(BEN, "INC-1", 1, "08:40")
    updates = Updates(store, talk.clock, DEFAULT_CADENCE)
    texts = {**dict.fromkeys(Section, ""), Section.WHAT_HAPPENED: "412 orders are gone [1]"}
    update = await updates.store(BEN, "INC-1", Audience.RESPONDERS, texts, 30, None)
    await updates.approve(CLEO, update.id or 0)
    await updates.publish(CLEO, update.id or 0)
    await Postmortems(store, talk.clock, Drafts(store, talk.clock, ExtractiveDrafter())).draft(BEN, "INC-1")
    return talk


async def test_the_record_has_the_published_shape(talk: Talk) -> None:
    record = await Records(talk.store).export(TEAM, "inc-1")
    assert list(record) == [
        "schema_version",
        "key",
        "kind",
        "title",
        "summary",
        "status",
        "severity",
        "archetype",
        "system_type",
        "system",
        "visibility",
        "channel",
        "declared_at",
        "declared_by",
        "status_history",
        "roles",
        "timeline",
        "unknowns",
        "updates",
        "reminders",
        "suggestion",
        "triage",
        "containments",
        "trials",
        "clocks",
        "follow_ups",
        "playbook",
        "postmortem",
        "audit",
    ]
    assert record["status_history"] == [
        {
            "status": "investigating",
            "severity": "sev1",
            "at": "2026-11-23T09:00:00Z",
            "by": "UANA",
            "reason": "Declared",
        }
    ]
    assert record["roles"] == [{"role": "comms", "user": "UCLEO", "from": "2026-11-23T09:00:00Z", "to": None}]
    assert record["reminders"][0] == {
        "id": 1,
        "kind": "update_before",
        "due_at": "2026-11-23T09:20:00Z",
        "state": "cancelled",
    }
    assert set(record["postmortem"]) >= {"version", "status", "sections"}
    assert all(set(one) == {"at", "by", "action", "object", "detail"} for one in record["audit"])
    json.dumps(record)


async def test_an_entry_carries_its_source_and_its_whole_life(talk: Talk) -> None:
    first, second, *_ = (await Records(talk.store).export(TEAM, "INC-1"))["timeline"]
    assert first == {
        "id": 1,
        "at": "2026-11-23T09:01:00Z",
        "author": "UANA",
        "mark": "milestone",
        "layer": None,
        "text": "412 orders are gone",
        "permalink": None,
        "source": {"channel": "C1", "ts": ts(1), "thread_ts": None},
        "revisions": [{"at": "2026-11-23T09:05:00Z", "text": "40 orders are gone"}],
        "deleted_at": None,
        "files": [{"name": "log.txt", "mimetype": "text/plain", "permalink": "https://files.example/log"}],
        "reactions": {"pushpin": ["UBEN"]},
    }
    assert (second["text"], second["deleted_at"]) == (HOSTILE, "2026-11-23T09:07:00Z")


async def test_placeholders_are_not_exported(talk: Talk) -> None:
    record = await Records(talk.store).export(TEAM, "INC-1")
    assert ts(9) not in [entry["source"]["ts"] for entry in record["timeline"]]


async def test_unknowns_are_listed_by_number_with_where_they_were_answered(talk: Talk) -> None:
    record = await Records(talk.store).export(TEAM, "INC-1")
    texts = {entry["id"]: entry["text"] for entry in record["timeline"]}
    first, second = record["unknowns"]
    assert (first["id"], texts[first["entry"]], first["answered_at"]) == (1, "Since when?", "2026-11-23T09:10:00Z")
    assert texts[first["answer_entry"]].startswith("Answer to unknown 1")
    assert (second["id"], second["answered_at"], second["answer_entry"]) == (2, None, None)


async def test_an_update_and_an_unstored_draft_have_one_shape(talk: Talk) -> None:
    records = Records(talk.store)
    (update,) = (await records.export(TEAM, "INC-1"))["updates"]
    draft = await Drafts(talk.store, talk.clock, ExtractiveDrafter()).extractive(ANA, "INC-1", Audience.LEADERSHIP)
    element = await records.drafted(TEAM, "INC-1", draft, Audience.LEADERSHIP, START + timedelta(minutes=7))
    assert list(element) == list(update)
    assert update["sections"] == {
        "what_happened": [{"text": "412 orders are gone", "citations": [1]}],
        "testing": [],
        "doing": [],
        "unknowns": [],
    }
    assert (update["status"], update["approved_by"], update["drafter"]["name"]) == ("published", "UCLEO", "person")
    assert (element["next_update_at"], element["audience"]) == ("2026-11-23T09:37:00Z", "leadership")
    assert set(element["drafter"]) == set(update["drafter"])
    assert set(element["drafter"]) > {"name", "model", "tokens"}


async def test_there_is_no_record_of_what_does_not_exist(store: SqlStore) -> None:
    with pytest.raises(NotFound, match="INC-7"):
        await Records(store).export(TEAM, "inc-7")


async def test_markdown_shows_everything_and_lets_nothing_act(talk: Talk) -> None:
    records = Records(talk.store)
    record, names = await records.export(TEAM, "INC-1"), await records.names(TEAM, "INC-1")
    text = record_markdown(record, names)
    assert text.startswith("# INC-1: Agent \\*deletes\\* &lt;b&gt;orders&lt;/b&gt;\n")
    assert "until 2026-11-23 09:05 UTC: 40 orders are gone" in text
    assert "deleted 2026-11-23 09:07 UTC" in text
    assert re.search(r"- Written or changed by .*UBEN", text)
    assert re.search(r"- Approved for comms by .*UCLEO", text)
    assert "Ben \\[admin\\] (UBEN)" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; click (https\\://evil.example)" in text
    for active in ("<", "![x]", "[a]", "](https://evil", "\n# heading", "\n| a", "**bold**", " www.evil"):
        assert active not in text
    assert [line for line in text.splitlines() if line.startswith("## ")][:3] == [
        "## Timeline",
        "## Unknowns",
        "## Update 1 for responders: published, published 2026-11-23 09:10 UTC, approved by UCLEO",
    ]


async def test_a_postmortem_and_a_draft_as_markdown_bring_the_entries_they_cite(talk: Talk) -> None:
    records = Records(talk.store)
    record, names = await records.export(TEAM, "INC-1"), await records.names(TEAM, "INC-1")
    postmortem = postmortem_markdown(record, names)
    for title in ("Timeline", "Root cause", "Impact", "Detection review", "Response review", "Prevention plan"):
        assert f"\n## {title}\n" in postmortem
    assert "\n## Entries cited\n" in postmortem
    update = update_markdown(record, record["updates"][0], names)
    assert "- 412 orders are gone \\[1\\]" in update
    assert "\n## What we don't know yet\n\nNothing is listed as unknown.\n" in update
    assert "\n## Next update\n\n2026-11-23 09:40 UTC\n" in update


async def test_a_record_without_postmortem_says_so(store: SqlStore) -> None:
    await declared(store)
    assert "There is no postmortem yet." in postmortem_markdown(await Records(store).export(TEAM, "INC-1"), {})


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("# not a heading", "\\# not a heading"),
        ("- no item", "\\- no item"),
        ("12. no item", "12\\. no item"),
        ("a\n\n    b", "a / b"),
        ("see http://x.example", "see http\\://x.example"),
        ("mailto:a@b.example", "mailto\\:a\\@b.example"),
        ("\\<b>", "\\\\&lt;b&gt;"),
        ("`$x$` ~~a~~ _b_ |c|", "\\`\\$x\\$\\` \\~\\~a\\~\\~ \\_b\\_ \\|c\\|"),
    ],
)
def test_words_are_inert(hostile: str, shown: str) -> None:
    assert inert(hostile) == shown


def test_a_link_goes_only_where_a_browser_may_go() -> None:
    assert link("[1]", "https://slack.example/archives/C1/p1?thread_ts=1.2") == (
        "[\\[1\\]](https://slack.example/archives/C1/p1?thread_ts=1.2)"
    )
    for bad in ("javascript:alert(1)", "https://x.example/) [b](https://y.example", "https://x y", None):
        assert link("[1]", bad) == "\\[1\\]"


def test_a_message_is_shown_as_people_read_it() -> None:
    raw = "<@UBEN> and <@U9> in <#C1|inc-1> <!channel> &lt;b&gt; &amp;lt; <https://x.example|x>\u202e"
    assert spoken(raw, {"UBEN": "Ben"}) == "@Ben and @U9 in #inc-1 @channel <b> &lt; x (https://x.example)[U+202E]"
