"""Status and severity: forwards with skipping, back with a reason, ended with what is left, by the commander alone."""

from __future__ import annotations

from typing import Any

from app.workspace.forms import Submission
from app.workspace.model import Channel, View
from tests.scenarios.scene import Scene, words


async def form_of(scene: Scene, who: str, room: Channel) -> View:
    """The form that the card's button opens."""
    await scene.person(who).press(scene.card(room), "lifecycle.open")
    form: View = await scene.workspace.until(scene.person(who).modal)
    return form


async def changed(scene: Scene, who: str, room: Channel, **fields: Any) -> Submission:
    form = await form_of(scene, who, room)
    sent = await scene.person(who).submit(form, fields)
    await scene.settled()
    left = scene.person(who).modal()
    if left is not None:
        await scene.person(who).close(left)
    return sent


async def history(scene: Scene) -> list[tuple[str, str, str]]:
    record = await scene.record()
    return [(one["status"], one["severity"], one["reason"]) for one in record["status_history"]]


async def test_steps_forwards_may_be_skipped_and_need_no_reason(scene: Scene) -> None:
    room = await scene.declare()

    await changed(scene, "ada", room, status="contained")
    await changed(scene, "ada", room, status="monitoring", reason="the fix is live")

    assert [status for status, _, _ in await history(scene)] == ["investigating", "contained", "monitoring"]
    assert "Monitoring" in words(scene.card(room))
    assert "Monitoring" in room.topic.value
    (announcement,) = scene.announcements()
    assert "Monitoring" in words(announcement)
    told = [words(one) for one in scene.ours(room)]
    assert any("is monitoring" in text and "the fix is live" in text for text in told)


async def test_a_step_back_asks_why_in_the_form_and_loses_nothing(scene: Scene) -> None:
    room = await scene.declare()
    await changed(scene, "ada", room, status="monitoring")
    form = await form_of(scene, "ada", room)

    refused = await scene.person("ada").submit(form, {"status": "investigating"})
    accepted = await scene.person("ada").submit(form, {"reason": "it leaks again"})
    await scene.settled()

    assert refused.action == "errors"
    assert set(refused.errors) == {"reason"}
    assert accepted.action == "closed"
    assert (await history(scene))[-1] == ("investigating", "sev2", "it leaks again")


async def test_a_form_that_changes_nothing_says_so(scene: Scene) -> None:
    room = await scene.declare()
    form = await form_of(scene, "ada", room)

    sent = await scene.person("ada").submit(form, {})

    assert sent.action == "errors"
    assert len(await history(scene)) == 1


async def test_status_and_severity_change_together_with_who_when_and_why(scene: Scene) -> None:
    room = await scene.declare()

    await changed(scene, "ben", room, status="contained", severity="sev3", reason="cut off from the database")

    last = (await scene.record())["status_history"][-1]
    assert (last["status"], last["severity"], last["by"]) == ("contained", "sev3", scene.person("ben").id)
    assert last["reason"] == "cut off from the database"
    assert last["at"].endswith("Z")


async def test_only_the_commander_changes_it_and_others_are_told_who_that_is(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("chen", "commander", room)

    sent = await changed(scene, "ben", room, status="contained")
    await scene.command("ben", "severity sev1", room.id)
    await scene.command("ben", "resolve done", room.id)

    assert f"<@{scene.person('chen').id}>" in " ".join(sent.errors.values())
    assert all(f"<@{scene.person('chen').id}>" in text for text in scene.whispered("ben", room.id))
    assert len(scene.whispered("ben", room.id)) == 2
    assert len(await history(scene)) == 1


async def test_the_severity_command_takes_a_level_and_a_reason(scene: Scene) -> None:
    room = await scene.declare()

    await scene.command("ada", "severity 1 it reached payments", room.id)
    await scene.command("ada", "severity urgent", room.id)

    assert (await history(scene))[-1] == ("investigating", "sev1", "it reached payments")
    assert "sev1, sev2, sev3 and sev4" in scene.whispered("ada", room.id)[-1]


async def test_resolving_names_what_is_still_open_and_drafts_the_postmortem(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "commander", room)
    await scene.command("ada", "unknown Who saw the answers?", room.id)

    await scene.command("ada", "resolve rolled back", room.id)

    (told,) = [words(one) for one in scene.ours(room) if "is resolved" in words(one)]
    assert "Unknown 1 is not answered: Who saw the answers?" in told
    assert "No update was ever published" in told
    assert "no postmortem" not in told
    assert len(scene.with_action(room, "postmortem.open")) == 2
    assert (await scene.record())["postmortem"]["version"] == 1


async def test_closing_names_the_postmortem_that_is_still_a_draft(scene: Scene) -> None:
    room = await scene.declare()
    await scene.command("ada", "resolve rolled back", room.id)

    await scene.command("ada", "close", room.id)

    (told,) = [words(one) for one in scene.ours(room) if "is closed" in words(one)]
    assert "The postmortem is still a draft" in told
    assert (await scene.record())["status"] == "closed"


async def test_the_form_says_what_is_open_before_somebody_resolves(scene: Scene) -> None:
    room = await scene.declare()
    await scene.command("ada", "unknown Who saw the answers?", room.id)

    shown = words(await form_of(scene, "ada", room))

    assert "Who saw the answers?" in shown
    assert "no postmortem" not in shown


async def test_reopening_needs_a_reason_and_promises_an_update_again(scene: Scene) -> None:
    room = await scene.declare()
    await scene.command("ada", "resolve rolled back", room.id)
    assert "Next update" not in words(scene.announcements()[0])

    sent = await changed(scene, "ada", room, status="investigating")
    assert set(sent.errors) == {"reason"}
    await changed(scene, "ada", room, status="investigating", reason="it leaks again")

    assert [status for status, _, _ in await history(scene)] == ["investigating", "resolved", "investigating"]
    assert "Next update" in words(scene.card(room))
    assert len(scene.announcements()) == 1


async def test_a_declined_incident_is_no_longer_open(scene: Scene) -> None:
    room = await scene.declare()

    await changed(scene, "ada", room, status="declined", reason="a test account")
    await scene.command("ben", "list")

    assert "No incident is open" in scene.whispered("ben", "general")[-1]
    assert (await scene.record())["postmortem"] is None
