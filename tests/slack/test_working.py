"""Working in an incident's channel: every command, its button, and what people read."""

from __future__ import annotations

import pytest

from app.services.actor import Actor
from tests.slack.conftest import shown

BEN, CHEN = "U0000000002", "U0000000003"


@pytest.fixture
async def room(stage):
    room = await stage.declare()
    await stage.close("ada")
    for name in ("ben", "chen"):
        await stage.person(name).join(room.id)
    return room


async def record(stage):
    incident = await stage.product.services.board.incident(Actor(stage.workspace.team.id, "U0000000001"), "INC-1")
    return await stage.product.bench.records.export(stage.workspace.team.id, incident.key)


async def entries(stage, mark):
    return [entry["text"] for entry in (await record(stage))["timeline"] if entry["mark"] == mark]


async def test_a_press_on_the_card_takes_the_role_and_the_card_follows(stage, room):
    ben = stage.person("ben")
    await ben.press(stage.card(), "role.claim", "INC-1:commander")
    await stage.workspace.until(lambda: f"<@{BEN}>" in shown(stage.card().blocks))
    assert "INC-1:commander" not in shown(stage.card().blocks)
    checklist = await stage.workspace.until(lambda: next(iter(ben.dms()), None))
    assert "Incident commander" in shown(checklist.blocks)


async def test_of_two_who_press_at_once_one_is_told_who_was_first(stage, room):
    import asyncio

    card = stage.card()
    presses = [stage.person(name).press(card, "role.claim", "INC-1:scribe") for name in ("ben", "chen")]
    await asyncio.gather(*presses)
    await stage.workspace.until(lambda: "INC-1:scribe" not in shown(stage.card().blocks))
    holder = "ben" if f"<@{BEN}>" in shown(stage.card().blocks) else "chen"
    loser = "chen" if holder == "ben" else "ben"
    refused = await stage.whispered(loser, room.id, "Scribe")
    assert f"<@{BEN if holder == 'ben' else CHEN}>" in shown(refused.blocks)


async def test_roles_are_given_handed_over_and_released_in_the_panel(stage, room):
    ada = stage.person("ada")
    await ada.press(stage.card(), "role.panel", "INC-1")
    panel = await stage.modal("ada", "Handing over?")
    await ada.press(panel, "role.assign", block_id="tech", selected_user=BEN)
    panel = await stage.modal("ada", f"Technical lead is now <@{BEN}>")
    await ada.fill(panel, {"note": "the rollback is half done"})
    await ada.press(await stage.modal("ada"), "role.assign", block_id="tech", selected_user=CHEN)
    await stage.modal("ada", f"Technical lead is now <@{CHEN}>")
    handed = await stage.workspace.until(lambda: next(iter(stage.person("chen").dms()), None))
    assert "the rollback is half done" in shown(handed.blocks)
    await ada.press(await stage.modal("ada"), "role.assign", block_id="legal", selected_user="U0AIINCIDENT")
    await stage.modal("ada", "U0AIINCIDENT")
    await ada.press(await stage.modal("ada"), "role.claim", "INC-1:scribe")
    await ada.press(await stage.modal("ada", "You are now Scribe"), "role.release", "INC-1:scribe")
    await stage.modal("ada", "Scribe is released")
    assert (await ada.submit(await stage.modal("ada"), {})).action == "closed"


async def test_the_command_gives_a_role(stage, room):
    ada = stage.person("ada")
    await ada.command("/ai-incident", f"role <@{BEN}|ben> Incident-Commander", room.id)
    await stage.whispered("ada", room.id, f"Incident commander of INC-1 is now <@{BEN}>")
    await ada.command("/ai-incident", "role ben scribe", room.id)
    await stage.whispered("ada", room.id, "Name one person")
    await ada.command("/ai-incident", f"role <@{BEN}> boss", room.id)
    await stage.whispered("ada", room.id, "The roles are commander, scribe, tech, comms, legal")


@pytest.mark.parametrize(
    ("command", "mark"),
    [
        ("note", "note"),
        ("decision", "decision"),
        ("action", "action"),
        ("hypothesis", "hypothesis"),
        ("ruled-out", "ruled_out"),
        ("unknown", "unknown"),
    ],
)
async def test_words_after_the_command_are_put_on_the_timeline(stage, room, command, mark):
    ada = stage.person("ada")
    await ada.command("/ai-incident", f"{command} it was the template", room.id)
    await stage.whispered("ada", room.id, "it was the template")
    assert "it was the template" in await entries(stage, mark)


async def test_an_unknown_is_answered_by_its_number(stage, room):
    ada = stage.person("ada")
    await ada.command("/ai-incident", "unknown how many orders?", room.id)
    await stage.whispered("ada", room.id, "Unknown 1 of INC-1")
    await ada.command("/ai-incident", "answer 1 about 1,200", room.id)
    await stage.whispered("ada", room.id, "Unknown 1 of INC-1 is answered")
    await ada.command("/ai-incident", "answer 4 x", room.id)
    await stage.whispered("ada", room.id, "There is no unknown 4")
    await ada.command("/ai-incident", "answer many", room.id)
    await stage.whispered("ada", room.id, "Give the unknown's number")


async def test_unknowns_are_raised_and_answered_in_the_form(stage, room):
    ben = stage.person("ben")
    await ben.press(stage.card(), "unknown.open", "INC-1")
    await ben.submit(await stage.modal("ben", "No unknowns are open"), {"text": "is <b> & c hit?"})
    listed = await stage.modal("ben", "Unknown 1 is on the list")
    await ben.press(listed, "unknown.answer", "INC-1:1")
    await ben.submit(await stage.modal("ben", "What is known now"), {"text": "no"})
    await stage.modal("ben", "Unknown 1 is answered")
    (unknown,) = (await record(stage))["unknowns"]
    assert "is <b> & c hit?" in unknown["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


async def test_an_entry_is_added_by_the_form(stage, room):
    ben = stage.person("ben")
    await ben.press(stage.card(), "panel.open", "INC-1")
    panel = await stage.whispered("ben", room.id, "entry.open")
    await ben.press(panel, "entry.open", "INC-1")
    await ben.submit(await stage.modal("ben"), {"mark": "decision", "text": "we roll back"})
    assert await entries(stage, "decision") == ["we roll back"]


async def test_a_message_is_marked_by_the_shortcut(stage, room):
    ben = stage.person("ben")
    ts = await ben.say(room.id, "let us roll back")
    await stage.workspace.events.settled()
    await ben.message_shortcut("mark_entry", room.id, ts)
    form = await stage.modal("ben", "let us roll back")
    await ben.submit(form, {"mark": "decision"})
    assert "let us roll back" in await entries(stage, "decision")
    outside = await ben.say("general", "hello")
    await ben.message_shortcut("mark_entry", "general", outside)
    await stage.whispered("ben", "general", "not in an incident's channel")


async def test_severity_and_status_are_changed_by_command_and_form(stage, room):
    ada = stage.person("ada")
    await ada.command("/ai-incident", "severity SEV-1 it spreads", room.id)
    told = await stage.posted(room.id, "INC-1 is SEV1 (was SEV2)")
    assert "it spreads" in shown(told.blocks)
    await ada.press(stage.card(), "lifecycle.open", "INC-1")
    same = await ada.submit(await stage.modal("ada"), {})
    assert "Nothing would change" in same.errors["status"]
    await ada.submit(await stage.modal("ada", "INC-1"), {"status": "monitoring", "reason": "fixed"})
    await stage.posted(room.id, "INC-1 is monitoring (was investigating)")
    await ada.press(stage.card(), "lifecycle.open", "INC-1")
    back = await ada.submit(await stage.modal("ada", "INC-1"), {"status": "investigating"})
    assert set(back.errors) == {"reason"}
    await ada.command("/ai-incident", "severity huge", room.id)
    await stage.whispered("ada", room.id, "Severities are sev1, sev2, sev3 and sev4")


async def test_resolving_names_what_is_open_and_brings_the_postmortem(stage, room):
    ada = stage.person("ada")
    await ada.say(room.id, "the agent deleted 40 orders")
    await ada.command("/ai-incident", "unknown how many orders?", room.id)
    await ada.command("/ai-incident", "resolve the write permission is gone", room.id)
    resolved = await stage.posted(room.id, "INC-1 is resolved (was investigating)")
    assert "Still open" in shown(resolved.blocks)
    ready = await stage.posted(room.id, "postmortem draft of INC-1 is ready")
    await ada.press(ready, "postmortem.open", "INC-1")
    assert "/archives/" in shown((await stage.modal("ada", "Root cause")).blocks)
    await ada.command("/ai-incident", "close", room.id)
    await stage.posted(room.id, "INC-1 is closed")


async def test_the_postmortem_is_drafted_on_demand(stage, room):
    ada = stage.person("ada")
    await ada.command("/ai-incident", "postmortem", room.id)
    await stage.whispered("ada", room.id, "Version 1 of the postmortem")
    await ada.command("/ai-incident", "postmortem", room.id)
    reading = await stage.modal("ada", "Detection review")
    await ada.press(reading, "postmortem.draft", "INC-1")
    await stage.modal("ada", "Version 2")


async def test_the_channel_s_own_commands_look_and_help(stage, room):
    ada = stage.person("ada")
    await ada.command("/ai-incident", "", room.id)
    panel = await stage.whispered("ada", room.id, "All open incidents")
    await ada.press(panel, "list.open")
    await stage.whispered("ada", room.id, "1 incident is open")
    await ada.press(panel, "help.open")
    await stage.whispered("ada", room.id, "ruled-out TEXT")
    await ada.command("/ai-incident", "status", room.id)
    await stage.whispered("ada", room.id, "Nobody holds a role yet")
    await ada.command("/ai-incident", "reslove it", room.id)
    await stage.whispered("ada", room.id, "Did you mean `/ai-incident resolve`?")


async def test_a_command_outside_says_how_to_name_the_incident(stage, room):
    ada = stage.person("ada")
    await ada.command("/ai-incident", "note from afar", "general")
    refused = await stage.whispered("ada", "general", "This is not an incident's channel")
    assert "`/ai-incident note INC-7" in shown(refused.blocks)
    await ada.command("/ai-incident", "note inc-1 from afar", "general")
    await stage.whispered("ada", "general", "Note added to INC-1: from afar")
    await ada.command("/ai-incident", "status INC-99", "general")
    await stage.whispered("ada", "general", "There is no incident INC-99")


async def test_app_home_lists_the_incident_and_opens_its_panel(stage, room):
    ada = stage.person("ada")
    await ada.open_home()
    home = await stage.workspace.until(
        lambda: ada.home() if ada.home() and "INC-1" in shown(ada.home().blocks) else None
    )
    await ada.press(home, "panel.open", "INC-1")
    await stage.modal("ada", "Add an entry")
    await ada.press(await stage.modal("ada"), "unknown.open", "INC-1")
    await stage.modal("ada", "Something else nobody knows yet")


async def test_what_is_said_in_the_channel_is_on_the_record(stage, room):
    ben = stage.person("ben")
    ts = await ben.say(room.id, "70% of orders")
    await ben.edit(room.id, ts, "17% of orders")
    await ben.react(room.id, ts, "eyes")
    await stage.workspace.events.settled()
    (entry,) = [one for one in (await record(stage))["timeline"] if one["source"]["ts"] == ts]
    assert entry["text"] == "17% of orders"
    assert [one["text"] for one in entry["revisions"]] == ["70% of orders"]
    assert entry["mark"] == "observation"
    assert not [one for one in (await record(stage))["timeline"] if one["author"] == "U0AIINCIDENT"]


async def test_a_restricted_incident_can_be_worked_on_from_its_own_channel(stage):
    room = await stage.declare(visibility="restricted", invite=[BEN])
    await stage.workspace.until(lambda: BEN in room.members)
    ben = stage.person("ben")
    await ben.command("/ai-incident", "", room.id)
    await ben.press(await stage.whispered("ben", room.id, "entry.open"), "entry.open", "INC-1")
    await ben.submit(await stage.modal("ben"), {"mark": "action", "text": "keys rotated"})
    assert await entries(stage, "action") == ["keys rotated"]
    await stage.person("chen").command("/ai-incident", "status INC-1", "general")
    await stage.whispered("chen", "general", "There is no incident INC-1")
