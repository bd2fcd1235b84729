"""Whatever people type gets a clear answer, and nothing is lost or broken by it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.workspace.model import Channel, Message
from tests.scenarios.scene import MARKED_DECLARATION, Scene, words

ZERO_WIDTH = "\u200b\u200d\u2060\ufeff"
RIGHT_TO_LEFT = "הסוכן מוחק הזמנות"
OVERRIDE = "invoice\u202egpj.exe"
LEGAL_NAME = re.compile(r"[a-z0-9_-]{1,80}")


async def refused_title(scene: Scene, title: str) -> str:
    """What the form says to this title."""
    form = await scene.declare_form("ada")
    sent = await scene.person("ada").submit(form, MARKED_DECLARATION | {"title": title})
    assert sent.action == "errors"
    assert set(sent.errors) == {"title"}
    return sent.errors["title"]


def rooms(scene: Scene) -> list[Channel]:
    return [one for one in scene.workspace.channels.values() if one.name.startswith("inc-")]


async def test_a_title_of_three_hundred_characters_is_refused_with_both_numbers(scene: Scene) -> None:
    told = await refused_title(scene, "x" * 300)

    assert "300" in told
    assert "200" in told
    assert rooms(scene) == []


@pytest.mark.parametrize(
    "title", [ZERO_WIDTH, f"  {ZERO_WIDTH}\u00a0 ", "\u202e\u202c"], ids=["alone", "spaced", "bidi"]
)
async def test_a_title_in_which_nothing_can_be_seen_is_refused(scene: Scene, title: str) -> None:
    told = await refused_title(scene, title)

    assert "title" in told
    assert rooms(scene) == []


async def test_a_refused_form_keeps_what_was_typed_and_can_be_put_right(scene: Scene) -> None:
    form = await scene.declare_form("ada")
    ada = scene.person("ada")
    await ada.submit(form, MARKED_DECLARATION | {"title": "x" * 300, "summary": "long story"})

    await ada.submit(form, {"title": "Short"})
    await scene.settled()

    record = await scene.record()
    assert (record["title"], record["summary"]) == ("Short", "long story")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("🔥🤖🔥", ""),
        (RIGHT_TO_LEFT, ""),
        ("Überweisung an Łódź für 東京", "uberweisung-an-lodz"),
        ("<@U0000000001> & <!channel>", ""),
    ],
    ids=["emoji", "hebrew", "accents", "markup"],
)
async def test_any_visible_title_stands_as_it_was_typed_and_gets_a_legal_channel(
    scene: Scene, title: str, slug: str
) -> None:
    room = await scene.declare(title=title)

    assert LEGAL_NAME.fullmatch(room.name)
    assert slug in room.name
    assert (await scene.record())["title"] == title
    for shown in (scene.card(room), *scene.announcements()):
        assert "<!channel>" not in words(shown)
        assert "<@U0000000001> &" not in words(shown)


async def test_hidden_characters_in_a_title_do_not_reorder_what_others_read(scene: Scene) -> None:
    room = await scene.declare(title=f"Bot{ZERO_WIDTH} sends {OVERRIDE}")

    shown = words(scene.card(room)) + room.topic.value + room.purpose.value
    assert "\u202e" not in shown
    assert "\u200b" not in shown


async def test_messages_with_any_characters_are_kept_as_they_were_said(scene: Scene) -> None:
    room = await scene.declare()
    said = [
        RIGHT_TO_LEFT,
        f"a{ZERO_WIDTH}b",
        OVERRIDE,
        "👩\u200d💻 🤖",
        "x" * 39_000,
        "line\n\n\nline",
        "`code` *bold* _x_",
    ]
    stamps = [await scene.person("ada").say(room.id, text) for text in said]
    await scene.settled()

    kept = {entry["source"]["ts"]: entry["text"] for entry in (await scene.record())["timeline"]}
    assert [kept[ts] for ts in stamps] == said
    await scene.command("ada", "draft", room.id)
    assert scene.person("ada").modal() is not None


async def answered(scene: Scene, text: str, room: Channel) -> str:
    """What the asker alone is told."""
    before = len(scene.whispered("ada", room.id))
    await scene.command("ada", text, room.id)
    told = scene.whispered("ada", room.id)[before:]
    assert len(told) == 1
    return told[0]


SENSELESS = (
    ("role", "Name one person"),
    ("role scribe", "Name one person"),
    ("role <@U0NOBODY99> scribe", "knows nobody"),
    ("role @ben", "The roles are"),
    ("role @ben emperor", "The roles are"),
    ("role @ben @chen scribe", "Name one person"),
    ("severity", "sev1, sev2, sev3 and sev4"),
    ("severity sev9", "sev1, sev2, sev3 and sev4"),
    ("severity sev2", "already"),
    ("answer", "number"),
    ("answer two yes", "number"),
    ("answer 7 yes", "No unknown has been raised"),
    ("answer 99999999999999999999 yes", "number"),
    ("note", "Write what it is"),
    (f"note {ZERO_WIDTH}", ""),
    ("draft aliens", "responders"),
    ("\u200bstatus", ""),
    ("<@U0000000002>", "There is no"),
    ("🔥", "There is no"),
    ("drop table incident; --", "There is no"),
    ("x" * 3000, "There is no"),
)


async def test_a_command_that_makes_no_sense_is_answered_and_changes_nothing(scene: Scene) -> None:
    room = await scene.declare()
    before = await scene.record()

    answers = {text: await answered(scene, text, room) for text, _ in SENSELESS}

    assert [(text, answers[text]) for text, told in SENSELESS if told not in answers[text]] == []
    assert [text for text, answer in answers.items() if "fault is ours" in answer] == []
    assert await scene.record() == before


async def test_an_invited_user_that_slack_does_not_know_is_named_and_the_incident_stands(scene: Scene) -> None:
    room = await scene.declare(invite=["U0NOBODY99"])

    assert scene.person("ada").id in room.members
    assert any("<@U0NOBODY99>" in text or "U0NOBODY99" in text for text in scene.told("ada"))


async def test_a_role_for_a_deactivated_person_is_refused(scene: Scene) -> None:
    room = await scene.declare()
    scene.person("goran").user.deleted = True

    assert "deactivated" in await answered(scene, "role @goran tech", room)


async def test_mentions_in_notes_and_unknowns_do_not_ring(scene: Scene) -> None:
    room = await scene.declare()
    await scene.command("ada", "unknown Who told <!channel> and <!here> about it?", room.id)
    await scene.command("ada", "note ring <!everyone>", room.id)
    await scene.command("ada", "resolve ring <!channel>", room.id)

    for message in scene.ours(room):
        assert "<!" not in without_dates(message)


def without_dates(message: Message) -> str:
    return words(message).replace("<!date", "")


async def test_an_update_form_with_odd_minutes_is_refused_by_its_field(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    await ada.press(scene.card(room), "status_update.draft")
    form = await scene.workspace.until(ada.modal)
    block = next(one for one in form.blocks if one.get("block_id") == "next_update_minutes")
    # A client that checks nothing, as a request made by hand.
    for bound in ("min_value", "max_value"):
        block["element"].pop(bound, None)

    for minutes in ("0", "-5", "99999999"):
        sent = await ada.submit(form, {"doing": "All is well", "next_update_minutes": minutes})
        assert set(sent.errors) == {"next_update_minutes"}


async def test_long_words_fit_every_surface(scene: Scene) -> None:
    fields: dict[str, Any] = {"title": "&" * 200, "summary": "<" * 3000}
    room = await scene.declare(**fields)
    await scene.take("ada", "commander", room)
    for number in range(8):
        await scene.command("ada", f"unknown {number} " + "&" * 2500, room.id)
    await scene.command("ada", "", room.id)
    await scene.command("ada", "status", room.id)
    await scene.person("ada").press(scene.card(room), "unknown.open")
    listed = await scene.workspace.until(scene.person("ada").modal)
    await scene.person("ada").close(listed)
    await scene.command("ada", "resolve " + ">" * 2900, room.id)

    refused = [
        one
        for one in scene.workspace.calls
        if one.outcome not in ("ok",) and one.method.startswith(("chat.", "views."))
    ]
    assert [(one.method, one.outcome) for one in refused] == []
    assert len(room.topic.value) <= 250
