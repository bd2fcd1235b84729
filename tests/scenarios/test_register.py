"""The register of AI systems in Slack: looked up, named in an incident, added to while one runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import BadSetup
from app.services.actor import Actor
from app.workspace.model import View
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene, actions, values, words

EXAMPLE = Path(__file__).parents[2] / "docs" / "register.example.yml"


@pytest.fixture
async def registered(staged: Staged) -> Scene:
    """A scene whose operator keeps a register file."""
    return await staged(register_file=EXAMPLE)


def titled(view: View | None, title: str) -> View | None:
    return view if view is not None and view.title == title else None


async def test_an_incident_of_a_registered_system_knows_its_type_and_who_is_on_call(registered: Scene) -> None:
    room = await registered.declare(system="payments-agent")

    card = registered.card(room)
    assert "register.add" not in actions(card)
    assert "register.open" not in actions(card)
    assert (await registered.record())["system_type"] == "agent"
    await registered.command("ada", "status", room.id)
    assert f"on call <@{registered.person('ben').id}>" in registered.whispered("ada", room.id)[-1]

    await registered.command("ada", "follow-up Give Penny a read-only role", room.id)
    await registered.command("ben", "register show payments-agent")
    shown = registered.whispered("ben", "general")[-1]
    assert "1 incident*, 1 open" in shown
    assert "INC-1" in shown
    assert "Revoke Penny's permissions" in shown
    assert "INC-1: Give Penny a read-only role" in shown


async def test_an_incident_without_a_system_says_so_until_somebody_names_it(registered: Scene) -> None:
    room = await registered.declare()
    assert "No AI system of the register is named yet" in words(registered.card(room))

    ben = registered.person("ben")
    await ben.join(room.id)
    await ben.press(registered.card(room), "register.open", value="INC-1")
    form = await registered.workspace.until(ben.modal)
    await ben.submit(form, {"system": "support-bot"})
    await registered.settled()

    assert "named yet" not in words(registered.card(room))
    record = await registered.record()
    assert (record["system"], record["system_type"]) == ("support-bot", "generative")
    assert [one["action"] for one in record["audit"]][-1] == "incident.system"


async def test_an_unregistered_system_is_added_during_the_incident_and_stays_in_the_register(scene: Scene) -> None:
    room = await scene.declare(system="Refund helper")
    assert "Refund helper is not in the AI register, which is part of the problem" in words(scene.card(room))
    ada = scene.person("ada")
    await ada.press(scene.card(room), "register.add", value="INC-1")
    form = await scene.workspace.until(ada.modal)

    refused = await ada.submit(form, {"system_type": "agent", "key": "Refund Helper!"})
    assert list(refused.errors) == ["key"]
    owners = [scene.person("chen").id]
    shown = await ada.submit(form, {"system_type": "agent", "key": "", "owners": owners, "data_classes": "orders, pii"})
    await scene.settled()

    assert "Added in Slack" in words(shown.view)
    assert "not in the AI register" not in words(scene.card(room))
    record = await scene.record()
    assert record["system"] == "refund-helper"
    assert any("it was not in it" in entry["text"] for entry in record["timeline"])
    await scene.command("dara", "register search refund PII")
    assert "1 AI system*" in scene.whispered("dara", "general")[-1]


async def test_a_change_is_kept_with_who_made_it_and_clears_what_was_emptied(registered: Scene) -> None:
    chen = registered.person("chen")
    await registered.command("chen", "register support-bot")
    sheet = chen.ephemerals("general")[-1]
    await chen.press(sheet, "register.change", value="support-bot")
    form = await registered.workspace.until(chen.modal)

    shown = await chen.submit(form, {"prompt_version": "v42", "upstream": ""})

    text = words(shown.view)
    assert "prompt v42" in text
    assert "Depends on" not in text
    assert "Fixed answers" in text
    assert f"last by <@{chen.id}>" in text


async def test_app_home_leads_to_the_register_and_to_adding_a_system(registered: Scene) -> None:
    ada = registered.person("ada")
    await ada.open_home()
    home = await registered.workspace.until(ada.home)
    await ada.press(home, "register.list")
    listed = await registered.workspace.until(ada.modal)
    assert values(listed, "register.show") == ["fraud-score", "payments-agent", "support-bot"]

    await ada.press(listed, "register.add", value="new")
    form = await registered.workspace.until(lambda: titled(ada.modal(), "Add an AI system"))
    await ada.submit(form, {"name": "Translator", "system_type": "generative"})
    found = await registered.product.bench.register.entries(Actor(registered.workspace.team.id, ada.id))
    assert "translator" in [one.key for one in found]


async def test_a_register_beyond_what_a_menu_holds_is_searched_while_one_types(staged: Staged, tmp_path: Path) -> None:
    file = tmp_path / "many.yml"
    rows = "".join(f"- {{key: system-{n}, name: System {n}, system_type: agent}}\n" for n in range(150))
    file.write_text("systems:\n" + rows, encoding="utf-8")
    scene = await staged(register_file=file)

    form = await scene.declare_form("ada")
    offered = await scene.person("ada").suggest(form, "system", "system-14")
    assert [one["value"] for one in offered] == ["system-14", *(f"system-{n}" for n in range(140, 150))]
    await scene.person("ada").close(form)
    await scene.declare(system="system-149")
    assert (await scene.record())["system"] == "system-149"


async def test_a_register_file_with_faults_keeps_the_product_from_starting(staged: Staged, tmp_path: Path) -> None:
    file = tmp_path / "systems.yml"
    file.write_text("systems:\n- key: a\n  name: A\n", encoding="utf-8")
    with pytest.raises(BadSetup) as refused:
        await staged(register_file=file)
    (problem,) = refused.value.problems
    assert problem.startswith("REGISTER_FILE: systems.yml line 2: systems[1].system_type is missing. For example: ")
