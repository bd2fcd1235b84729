"""Slack's three seconds for opening a form have passed: the person gets a button that opens it."""

from __future__ import annotations

import pytest

from app.workspace import faults
from tests.scenarios.scene import Scene, actions

EXPIRED = faults.error("expired_trigger_id")


async def test_the_declare_form_comes_by_a_button_and_declares(scene: Scene) -> None:
    ada = scene.person("ada")
    scene.workspace.faults.add("views.open", EXPIRED)
    await scene.command("ada", "", "support")
    assert ada.modal() is None
    (offer,) = [one for one in (*ada.ephemerals("support"), *ada.dms()) if "declare.open" in actions(one)]

    await ada.press(offer, "declare.open")
    form = await scene.workspace.until(ada.modal)
    sent = await ada.submit(form, {"title": "Opened late", "severity": "sev3"})
    await scene.settled()

    assert sent.action == "update"
    assert (await scene.record())["title"] == "Opened late"


async def test_a_trigger_that_slack_let_expire_is_treated_alike(scene: Scene) -> None:
    ada = scene.person("ada")
    scene.workspace.triggers.lifetime_seconds = 0.0
    await scene.command("ada", "", "support")
    scene.workspace.triggers.lifetime_seconds = 15.0

    assert ada.modal() is None
    assert [one for one in (*ada.ephemerals("support"), *ada.dms()) if "declare.open" in actions(one)]


async def test_from_a_global_shortcut_which_is_in_no_channel_it_comes_as_a_direct_message(scene: Scene) -> None:
    chen = scene.person("chen")
    scene.workspace.faults.add("views.open", EXPIRED)

    await chen.shortcut("declare")
    await scene.settled()

    (offer,) = [one for one in chen.dms() if "declare.open" in actions(one)]
    await chen.press(offer, "declare.open")
    assert (await scene.workspace.until(chen.modal)).callback_id == "declare.submit"


@pytest.mark.parametrize(
    ("action", "callback_id"),
    [
        ("status_update.draft", "status_update.edit"),
        ("lifecycle.open", "lifecycle.edit"),
        ("role.panel", "role.panel"),
        ("unknown.open", "unknown.raise"),
    ],
)
async def test_each_form_of_the_card_comes_by_its_own_button(scene: Scene, action: str, callback_id: str) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    scene.workspace.faults.add("views.open", EXPIRED)
    await ada.press(scene.card(room), action)
    await scene.settled()
    (offer,) = [one for one in ada.ephemerals(room.id) if action in actions(one)]

    await ada.press(offer, action)
    form = await scene.workspace.until(ada.modal)

    assert form.callback_id == callback_id


async def test_the_mark_of_a_message_comes_by_its_own_button(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    ts = await ada.say(room.id, "Accuracy fell to 61 %")
    await scene.settled()
    scene.workspace.faults.add("views.open", EXPIRED)
    await ada.message_shortcut("mark_entry", room.id, ts)
    await scene.settled()
    (offer,) = [one for one in (*ada.ephemerals(room.id), *ada.dms()) if "mark_entry.open" in actions(one)]

    await ada.press(offer, "mark_entry.open")
    form = await scene.workspace.until(ada.modal)
    await ada.submit(form, {"mark": "observation"})
    await scene.settled()

    marks = {entry["source"]["ts"]: entry["mark"] for entry in (await scene.record())["timeline"]}
    assert marks[ts] == "observation"


async def test_an_edit_of_a_stored_update_and_its_postmortem_come_by_their_buttons(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    await ada.press(scene.card(room), "status_update.draft")
    await ada.submit(await scene.workspace.until(ada.modal), {"doing": "We look into it."})
    await scene.command("ada", "postmortem", room.id)
    for action in ("status_update.draft", "postmortem.open"):
        message = scene.with_action(room, action)[-1]
        scene.workspace.faults.add("views.open", EXPIRED)
        await ada.press(message, action)
        await scene.settled()
        offer = [one for one in ada.ephemerals(room.id) if action in actions(one)][-1]
        await ada.press(offer, action)
        form = await scene.workspace.until(ada.modal)
        await ada.close(form)
