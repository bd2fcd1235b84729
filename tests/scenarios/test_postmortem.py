"""The postmortem draft: six parts from the record, versioned, exported."""

from __future__ import annotations

from typing import Any

from app.services.records.markdown import postmortem_markdown
from app.workspace.model import Channel
from tests.scenarios.scene import Scene, actions, words

PARTS = ("timeline", "root_cause", "impact", "detection_review", "response_review", "prevention_plan")


async def lived_through(scene: Scene) -> Channel:
    """An incident with a cause, an impact and a fix."""
    room = await scene.declare(severity="sev1")
    ada, ben = scene.person("ada"), scene.person("ben")
    await scene.take("ada", "commander", room)
    seen = await ada.say(room.id, "37 customers saw orders of other customers since 08:12 UTC.")
    await ben.react(room.id, seen, "eyes")
    await ben.say(room.id, "Root cause: the retrieval cache was shared between sessions since the 08:05 deploy.")
    await scene.command("ada", "action Switched the cache off at 08:40 UTC", room.id)
    await scene.command("ada", "unknown Was payment data shown?", room.id)
    await ben.say(room.id, "To prevent this: every cache key must hold the customer's id.")
    await scene.settled()
    return room


async def postmortem(scene: Scene) -> dict[str, Any]:
    found: dict[str, Any] = (await scene.record())["postmortem"]
    return found


async def test_resolving_drafts_six_parts_in_which_every_sentence_cites_the_timeline(scene: Scene) -> None:
    room = await lived_through(scene)

    await scene.command("ada", "resolve The cache is off for good", room.id)

    record = await scene.record()
    draft = record["postmortem"]
    assert tuple(draft["sections"]) == PARTS
    ids = {entry["id"] for entry in record["timeline"]}
    lines = [line for part in PARTS for line in draft["sections"][part]]
    assert lines
    assert all(line["citations"] and set(line["citations"]) <= ids for line in lines)
    for part, words_there in (("root_cause", "cache"), ("impact", "37 customers"), ("prevention_plan", "cache key")):
        assert any(words_there in line["text"] for line in draft["sections"][part]), part


async def test_the_channel_gets_one_message_about_it_that_opens_the_whole(scene: Scene) -> None:
    room = await lived_through(scene)
    await scene.command("ada", "resolve The cache is off for good", room.id)
    (ready,) = [one for one in scene.ours(room) if {"postmortem.open", "postmortem.draft"} <= set(actions(one))]

    await scene.person("ben").press(ready, "postmortem.open")
    read = await scene.workspace.until(scene.person("ben").modal)

    assert "shared between sessions" in words(read)
    assert f"/archives/{room.id}/" in words(read)


async def test_drafting_again_keeps_the_earlier_version_and_changes_the_message_in_place(scene: Scene) -> None:
    room = await lived_through(scene)
    await scene.command("ada", "resolve The cache is off for good", room.id)
    (ready,) = [one for one in scene.ours(room) if "postmortem.draft" in actions(one)]
    await scene.person("ben").say(room.id, "Correction: 41 customers, not 37.")
    await scene.settled()

    await scene.person("ben").press(ready, "postmortem.draft")
    await scene.settled()

    newest = await postmortem(scene)
    assert newest["version"] == 2
    assert any("41" in line["text"] for line in newest["sections"]["impact"])
    (shown,) = [one for one in scene.ours(room) if "postmortem.draft" in actions(one)]
    assert shown.ts == ready.ts
    assert "version 2" in words(shown)


async def test_it_can_be_drafted_by_command_before_the_end(scene: Scene) -> None:
    room = await lived_through(scene)

    await scene.command("ada", "postmortem", room.id)

    assert (await postmortem(scene))["version"] == 1
    assert any("Version 1 of the postmortem" in text for text in scene.whispered("ada", room.id))


async def test_reopening_and_resolving_again_drafts_a_new_version(scene: Scene) -> None:
    room = await lived_through(scene)
    await scene.command("ada", "resolve first try", room.id)
    await scene.person("ada").press(scene.card(room), "lifecycle.open")
    form = await scene.workspace.until(scene.person("ada").modal)
    await scene.person("ada").submit(form, {"status": "investigating", "reason": "it is back"})
    await scene.settled()

    await scene.command("ada", "resolve second try", room.id)

    assert (await postmortem(scene))["version"] == 2


async def test_its_markdown_shows_names_and_carries_nothing_that_acts(scene: Scene) -> None:
    room = await lived_through(scene)
    await scene.person("ben").say(
        room.id, "Impact: 12 users <script>alert(1)</script> hit ![x](https://evil.example/a.png)"
    )
    await scene.command("ada", "resolve done", room.id)

    record = await scene.record()
    names = await scene.product.bench.records.names(scene.workspace.team.id, "INC-1")
    text = postmortem_markdown(record, names)

    assert "Root cause" in text
    assert "Ada Okafor" in text or "@ada" in text or "ada" in text
    assert "<script>" not in text
    assert "![x](" not in text


async def test_an_incident_in_which_nothing_was_said_gets_a_draft_that_invents_nothing(scene: Scene) -> None:
    room = await scene.declare()

    await scene.command("ada", "resolve a false alarm", room.id)

    draft = await postmortem(scene)
    assert draft["sections"]["root_cause"] == []
    known = [line["text"] for line in draft["sections"]["impact"] if not line["text"].startswith("Not known")]
    assert all("Support bot leaks order data" in text for text in known)
