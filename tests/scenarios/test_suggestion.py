"""What an incident looks like is offered to people, decided by them, and corrected when more is known."""

from __future__ import annotations

from app.workspace.model import Channel
from tests.scenarios.scene import Scene, actions, words

LEAK = "Users can see titles of other people's chats in their sidebar"


async def suggested(scene: Scene, room: Channel) -> str:
    """The line on the card; empty for none."""
    lines = [line for line in words(scene.card(room)).splitlines() if line.startswith("Looks like")]
    return lines[0] if lines else ""


async def test_the_form_says_what_its_words_look_like_and_keeps_what_was_entered(scene: Scene) -> None:
    ada = scene.person("ada")
    form = await scene.declare_form()
    await ada.fill(form, {"title": LEAK, "severity": "sev3"})
    await ada.press(form, "suggestion.ask", value="report")
    asked = await scene.workspace.until(lambda: "Looks like" in words(ada.modal()) and ada.modal())
    assert "Looks like *data exfiltration*, SEV1 – because of “" in words(asked)
    await ada.submit(asked)
    await scene.settled()
    record = await scene.record()
    assert (record["title"], record["severity"]) == (LEAK, "sev3")


async def test_a_suggestion_is_taken_with_one_press_and_the_record_says_by_whom(scene: Scene) -> None:
    room = await scene.declare(title=LEAK, severity="sev3")
    assert (await suggested(scene, room)).startswith("Looks like *data exfiltration*, SEV1 – because of “")
    await scene.person("ben").join(room.id)
    await scene.person("ben").press(scene.card(room), "suggestion.take", value="INC-1")
    await scene.settled()
    record = await scene.record()
    assert (record["archetype"], record["system_type"], record["severity"]) == (
        "data_exfiltration",
        "generative",
        "sev1",
    )
    assert record["suggestion"]["state"] == "taken"
    assert record["suggestion"]["decided_by"] == scene.person("ben").id
    assert any("data exfiltration, as suggested" in entry["text"] for entry in record["timeline"])
    assert "suggestion.take" not in actions(scene.card(room))


async def test_a_suggestion_is_changed_by_a_person_and_only_new_evidence_brings_another(scene: Scene) -> None:
    room = await scene.declare(title="The chatbot invents citations", severity="sev2")
    await scene.person("ada").press(scene.card(room), "suggestion.change", value="INC-1")
    form = await scene.workspace.until(scene.person("ada").modal)
    await scene.person("ada").submit(form, {"archetype": "other", "severity": "sev2"})
    await scene.settled()
    assert (await scene.record())["suggestion"]["state"] == "changed"
    await scene.passes(minutes=2)
    assert await suggested(scene, room) == ""
    await scene.command("ada", "note It also leaks personal data of customers: names and payment details", room.id)
    await scene.person("ada").say(room.id, "customers' personal data and payment details are exposed to others")
    await scene.passes(minutes=5)
    assert "SEV1" in await suggested(scene, room)
    assert len([one for one in scene.ours(room) if "Looks like" in words(one)]) == 1


async def test_only_the_commander_decides_once_there_is_one(scene: Scene) -> None:
    room = await scene.declare(title=LEAK, severity="sev3")
    await scene.take("ben", "commander", room)
    await scene.person("ada").press(scene.card(room), "suggestion.take", value="INC-1")
    await scene.settled()
    assert (await scene.record())["archetype"] == "unsure"
    assert any("Only the incident commander can" in one for one in scene.whispered("ada", room.id))
