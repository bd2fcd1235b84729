"""Declaring through Slack: the form, what is wrong with it, and what the declarer sees."""

from __future__ import annotations

import pytest

from app.workspace import faults
from tests.slack.conftest import shown


async def test_the_command_opens_the_form_and_the_declarer_gets_the_link(stage):
    room = await stage.declare(summary="it writes", archetype="agentic_misalignment", invite=["U0000000002"])
    assert room.name.startswith("inc-1-")
    ready = await stage.modal("ada", "is open")
    assert f"<#{room.id}>" in shown(ready.blocks)
    await stage.workspace.until(lambda: {"U0000000001", "U0000000002"} <= set(room.members))
    assert "U0000000003" not in room.members
    announced = await stage.posted("ai-incidents", "INC-1")
    assert f"<#{room.id}>" in shown(announced.blocks)


async def test_the_shortcut_and_app_home_open_the_same_form(stage):
    ada = stage.person("ada")
    await ada.shortcut("declare")
    form = await stage.modal("ada", "What is wrong?")
    await ada.close(form)
    await ada.open_home()
    home = await stage.workspace.until(
        lambda: ada.home() if ada.home() and "declare.open" in shown(ada.home().blocks) else None
    )
    await ada.press(home, "declare.open")
    assert (await stage.modal("ada", "What is wrong?")).callback_id == "declare.submit"


@pytest.mark.parametrize("title", ["x" * 300, "\u200b\u200b", "   "])
async def test_a_title_that_will_not_do_is_refused_at_its_field_and_the_form_stays(stage, title):
    ada = stage.person("ada")
    await ada.command("/ai-incident", "", "general")
    sent = await ada.submit(await stage.modal("ada"), {"title": title, "severity": "sev3"})
    assert sent.action == "errors"
    assert set(sent.errors) == {"title"}
    assert ada.modal() is not None
    assert stage.room() is None


async def test_a_title_of_emoji_only_is_fine(stage):
    room = await stage.declare(title="🔥🔥")
    assert room.name.startswith("inc-1-")


async def test_a_form_that_came_too_late_is_offered_by_a_private_button(stage):
    stage.workspace.faults.add("views.open", faults.error("expired_trigger_id"))
    ada = stage.person("ada")
    await ada.command("/ai-incident", "", "general")
    offer = await stage.whispered("ada", "general", "declare.open")
    await ada.press(offer, "declare.open")
    await stage.modal("ada", "What is wrong?")


async def test_too_late_from_a_shortcut_the_button_comes_as_a_direct_message(stage):
    stage.workspace.faults.add("views.open", faults.error("expired_trigger_id"))
    ada = stage.person("ada")
    await ada.shortcut("declare")
    offer = await stage.workspace.until(lambda: next(iter(ada.dms()), None))
    await ada.press(offer, "declare.open")
    await stage.modal("ada", "What is wrong?")


async def test_a_channel_that_can_not_be_made_is_told_in_the_form(stage):
    stage.workspace.faults.add("conversations.create", faults.error("restricted_action"), times=None)
    ada = stage.person("ada")
    await ada.command("/ai-incident", "", "general")
    await ada.submit(await stage.modal("ada"), {"title": "secret", "severity": "sev1", "visibility": "restricted"})
    failed = await stage.modal("ada", "Nothing was declared")
    assert "secret" in shown(failed.blocks)
    await ada.press(failed, "declare.open")
    await stage.modal("ada", "What is wrong?")
