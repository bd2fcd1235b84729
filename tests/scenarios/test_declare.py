"""From the slash command to a furnished channel, and every other way to begin."""

from __future__ import annotations

import re

import pytest

from app.workspace import faults
from tests.scenarios.scene import Scene, values, words

LEGAL_NAME = re.compile(r"[a-z0-9_-]{1,80}")


async def test_the_channel_has_a_legal_name_that_tells_the_incident(scene: Scene) -> None:
    room = await scene.declare(title="Kündigungs-Bot löscht Aufträge!! (again)")

    assert LEGAL_NAME.fullmatch(room.name)
    assert room.name.startswith(f"inc-1-{scene.clock.now():%Y%m%d}-")
    assert "bot" in room.name


async def test_two_incidents_of_one_title_get_a_channel_each(scene: Scene) -> None:
    first = await scene.declare()
    second = await scene.declare("ben")

    assert first.id != second.id
    assert first.name != second.name
    assert {first.name[:6], second.name[:6]} == {"inc-1-", "inc-2-"}


async def test_the_declarer_and_the_people_they_named_are_in_the_channel(scene: Scene) -> None:
    chen, dara = scene.person("chen"), scene.person("dara")

    room = await scene.declare(invite=[chen.id, dara.id])

    assert {scene.person("ada").id, chen.id, dara.id} <= set(room.members)
    assert scene.person("ben").id not in room.members


async def test_the_channel_has_topic_purpose_pinned_card_and_bookmarks(scene: Scene) -> None:
    room = await scene.declare(summary="Customers see orders of others")

    assert "SEV2" in room.topic.value
    assert "INC-1" in room.purpose.value
    card = words(scene.card(room))
    assert "Support bot leaks order data" in card
    assert "Customers see orders of others" in card
    links = {mark.title: mark.link for mark in room.bookmarks}
    assert scene.card(room).ts.replace(".", "") in links["Incident card"]
    (announcement,) = scene.announcements()
    assert announcement.ts.replace(".", "") in links["Announcement"]


async def test_the_announcement_leads_to_the_channel(scene: Scene) -> None:
    room = await scene.declare()

    (announcement,) = scene.announcements()

    assert f"<#{room.id}>" in words(announcement)
    assert "Support bot leaks order data" in words(announcement)


async def test_one_announcement_and_one_card_follow_the_incident_to_its_end(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "commander", room)
    (announcement,) = scene.announcements()
    assert f"<@{scene.person('ada').id}>" in words(announcement)

    await scene.command("ada", "severity sev1 payments too", room.id)
    (announcement,) = scene.announcements()
    assert "SEV1" in words(announcement)
    await scene.command("ada", "resolve rolled back", room.id)

    (announcement,) = scene.announcements()
    assert "Resolved" in words(announcement)
    assert "Resolved" in words(scene.card(room))
    assert len(scene.with_action(room, "role.panel")) == 1


async def test_the_declarer_sees_at_once_that_it_opens_and_then_the_way_there(scene: Scene) -> None:
    form = await scene.declare_form("ada")
    shown = await scene.person("ada").submit(form, {"title": "Bot insults people", "severity": "sev3"})

    assert shown.action == "update"
    assert shown.view is not None
    first = words(shown.view)
    await scene.settled()

    assert "Opening INC-1" in first or "INC-1 is open" in first
    room = next(one for one in scene.workspace.channels.values() if one.name.startswith("inc-1"))
    left = scene.person("ada").modal()
    assert left is not None
    assert f"<#{room.id}>" in words(left)
    assert scene.told("ada") == []


async def test_whoever_closes_the_form_early_is_sent_the_link(scene: Scene) -> None:
    scene.workspace.faults.add("conversations.create", faults.slow(0.2))
    form = await scene.declare_form("ada")
    shown = await scene.person("ada").submit(form, {"title": "Bot insults people", "severity": "sev3"})
    assert shown.view is not None
    await scene.person("ada").close(shown.view)
    await scene.settled()

    (told,) = scene.told("ada")

    room = next(one for one in scene.workspace.channels.values() if one.name.startswith("inc-1"))
    assert f"<#{room.id}>" in told


async def test_the_bare_command_in_the_channel_shows_the_panel_to_the_asker_alone(scene: Scene) -> None:
    room = await scene.declare()
    await scene.person("ben").join(room.id)
    before = len(scene.ours(room))

    await scene.command("ben", "", room.id)

    (panel,) = scene.person("ben").ephemerals(room.id)
    assert "Support bot leaks order data" in words(panel)
    assert values(panel, "lifecycle.open") == ["INC-1"]
    assert len(scene.ours(room)) == before
    assert scene.whispered("ada", room.id) == []
    assert scene.person("ben").modal() is None


async def test_the_global_shortcut_opens_the_form(scene: Scene) -> None:
    await scene.person("chen").shortcut("declare")

    form = await scene.workspace.until(scene.person("chen").modal)

    assert form.callback_id == "declare.submit"


async def test_app_home_lists_open_incidents_and_my_own_first(scene: Scene) -> None:
    await scene.declare("ben", title="Ben's own")
    await scene.declare("ada", title="Worse one", severity="sev1")
    await scene.person("ben").open_home()

    home = await scene.workspace.until(scene.person("ben").home)

    shown = words(home)
    assert shown.index("Ben's own") < shown.index("Worse one")


async def test_an_open_app_home_follows_what_its_owner_and_others_do(scene: Scene) -> None:
    ada, ben = scene.person("ada"), scene.person("ben")
    for person in (ada, ben):
        await person.open_home()
        await scene.workspace.until(person.home)
    assert "No incident is open" in words(ada.home())

    home = ada.home()
    await ada.press(home, "declare.open")
    form = await scene.workspace.until(ada.modal)
    await ada.submit(form, {"title": "Declared from home", "severity": "sev2"})
    await scene.settled()

    room = next(one for one in scene.workspace.channels.values() if one.name.startswith("inc-1"))
    for person in (ada, ben):
        assert "Declared from home" in words(person.home())
        assert f"<#{room.id}>" in words(person.home())
    await scene.command("ada", "severity sev1", room.id)
    assert "SEV1" in words(ada.home())
    await scene.command("ada", "resolve done", room.id)
    assert "No incident is open" in words(ben.home())


async def test_list_shows_the_open_incidents(scene: Scene) -> None:
    room = await scene.declare()
    await scene.declare("ben", title="Ranking model drifts")
    await scene.command("ada", "resolve it was a test", room.id)

    await scene.command("chen", "list")

    (listed,) = scene.whispered("chen", "general")
    assert "Ranking model drifts" in listed
    assert "Support bot leaks order data" not in listed


async def test_status_tells_the_state_in_and_outside_of_the_channel(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "commander", room)

    await scene.command("ben", "status INC-1")
    await scene.command("ada", "status", room.id)

    for told in (scene.whispered("ben", "general")[-1], scene.whispered("ada", room.id)[-1]):
        assert "Investigating" in told
        assert f"<@{scene.person('ada').id}>" in told


async def test_help_names_every_subcommand(scene: Scene) -> None:
    await scene.command("ada", "help")

    (told,) = scene.whispered("ada", "general")

    for subcommand in ("list", "status", "draft", "role @user ROLE", "note TEXT", "answer N TEXT", "postmortem"):
        assert subcommand in told


@pytest.mark.parametrize(
    ("typed", "meant"), [("statsu", "status"), ("hypotesis x", "hypothesis"), ("sverity", "severity")]
)
async def test_a_mistyped_subcommand_is_answered_with_the_nearest_one(scene: Scene, typed: str, meant: str) -> None:
    await scene.command("ada", typed)

    (told,) = scene.whispered("ada", "general")

    assert f"Did you mean `/ai-incident {meant}`?" in told


async def test_a_command_outside_a_channel_says_how_to_name_the_incident(scene: Scene) -> None:
    room = await scene.declare()

    await scene.command("ben", "note vendor called", "support")
    await scene.command("ben", "note INC-1 vendor called", "support")

    refused, done = scene.whispered("ben", "support")
    assert "INC-7" in refused
    assert "INC-1" in done
    texts = [entry["text"] for entry in (await scene.record())["timeline"]]
    assert texts.count("vendor called") == 1
    assert room.id


async def test_a_drill_says_so_everywhere(scene: Scene) -> None:
    room = await scene.declare(kind="drill")

    (announcement,) = scene.announcements()

    assert "DRILL" in words(announcement)
    assert "DRILL" in words(scene.card(room))
    assert "DRILL" in room.topic.value
    assert (await scene.record())["kind"] == "drill"
