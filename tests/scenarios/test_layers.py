"""Entries say in which layer they happened, and the cascade shows where it started and what it reached."""

from __future__ import annotations

from app.workspace.model import Channel
from tests.scenarios.scene import Scene


async def marked(scene: Scene, room: Channel, text: str, **fields: str) -> None:
    """Say something in the channel and give it a mark and a layer."""
    ada = scene.person("ada")
    ts = await ada.say(room.id, text)
    await scene.settled()
    await ada.message_shortcut("mark_entry", room.id, ts)
    form = await scene.workspace.until(ada.modal)
    await ada.submit(form, fields)
    await scene.settled()


async def panel(scene: Scene, room: Channel) -> str:
    await scene.command("ada", "status", room.id)
    return scene.whispered("ada", room.id)[-1]


async def test_layers_given_with_marks_draw_the_cascade(scene: Scene) -> None:
    room = await scene.declare()
    assert "Cascade" not in await panel(scene, room)

    await marked(scene, room, "The ticket held hidden instructions.", mark="evidence", layer="input")
    await marked(scene, room, "The model followed them.", mark="observation", layer="inference")
    await marked(scene, room, "Maybe the filter let it through.", mark="hypothesis", layer="output")

    assert "Cascade: input ✕ → inference ✕ → output ? → integration open" in await panel(scene, room)
    layers = [entry["layer"] for entry in (await scene.record())["timeline"] if entry["layer"]]
    assert layers == ["input", "inference", "output"]


async def test_an_entry_of_ones_own_has_a_layer_and_the_command_changes_it(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    await scene.command("ada", "note the CRM took the orders over", room.id)
    entry = (await scene.record())["timeline"][-1]["id"]

    await scene.command("ada", f"layer {entry} integration", room.id)
    assert "integration ✕" in scene.whispered("ada", room.id)[-1]

    await scene.command("ada", f"layer {entry} none", room.id)
    assert "No entry of INC-1 has a layer yet" in scene.whispered("ada", room.id)[-1]
    await scene.command("ada", "layer 999999 input", room.id)
    assert "INC-1 has no entry 999999" in scene.whispered("ada", room.id)[-1]
    await scene.command("ada", f"layer {entry} cloud", room.id)
    assert "no such choice as 'cloud'" in scene.whispered("ada", room.id)[-1]

    await scene.command("ada", "", room.id)
    shown = ada.ephemerals(room.id)[-1]
    await ada.press(shown, "entry.open")
    form = await scene.workspace.until(ada.modal)
    await ada.submit(form, {"mark": "unknown", "text": "Did the CRM mail anybody?", "layer": "integration"})
    await scene.settled()

    record = await scene.record()
    assert [one["action"] for one in record["audit"]].count("entry.placed") == 3
    assert "integration ?" in await panel(scene, room)
