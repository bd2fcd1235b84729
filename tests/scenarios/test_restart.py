"""The product is stopped in the middle of something and started again: it goes on where it was, once."""

from __future__ import annotations

import pytest

from app.workspace import faults
from app.workspace.model import Channel
from tests.scenarios.scene import MARKED_DECLARATION, Scene, words

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])

STEPS = (
    "conversations.create",
    "conversations.invite",
    "conversations.setTopic",
    "chat.postMessage",
    "pins.add",
    "bookmarks.add",
)


async def restarted(scene: Scene) -> None:
    await scene.stop_product()
    await scene.start_product()
    await scene.settled()
    await scene.passes(minutes=1)


@pytest.mark.parametrize("fault", [faults.lost_answer(), faults.dropped()], ids=lambda fault: fault.name)
@pytest.mark.parametrize("method", STEPS)
async def test_a_set_up_that_stopped_half_way_is_finished_after_the_start(
    scene: Scene, method: str, fault: faults.Fault
) -> None:
    scene.workspace.faults.add(method, fault)
    form = await scene.declare_form("ada")
    await scene.person("ada").submit(form, MARKED_DECLARATION)
    await scene.settled()

    await restarted(scene)

    (room,) = [one for one in scene.workspace.channels.values() if one.name.startswith("inc-")]
    assert scene.person("ada").id in room.members
    assert "SEV2" in room.topic.value
    assert len(scene.with_action(room, "role.panel")) == 1
    assert [pin.ts for pin in room.pins] == [scene.card(room).ts]
    assert sorted(mark.title for mark in room.bookmarks) == ["Announcement", "Incident card"]
    assert len(scene.announcements()) == 1


async def test_forms_and_buttons_of_before_work_after_the_start(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("dara", "comms", room)
    await scene.person("dara").press(scene.card(room), "status_update.draft")
    form = await scene.workspace.until(scene.person("dara").modal)
    await restarted(scene)

    sent = await scene.person("dara").submit(form, {"next_update_minutes": 30})
    await scene.settled()
    assert sent.action == "clear"
    await pressed(scene, room, "status_update.approve")
    await restarted(scene)
    await pressed(scene, room, "status_update.publish")

    (update,) = (await scene.record())["updates"]
    assert update["status"] == "published"
    assert len([one for one in scene.ours(room) if "What we know* (update" in words(one)]) == 1


async def pressed(scene: Scene, room: Channel, action: str) -> None:
    (review,) = scene.with_action(room, action)
    await scene.person("dara").press(review, action)
    await scene.settled()


async def test_an_event_delivered_again_after_the_start_is_one_entry(scene: Scene) -> None:
    room = await scene.declare()
    await scene.person("ada").say(room.id, "said before the stop")
    await scene.settled()
    last = scene.workspace.events.deliveries[-1]
    await restarted(scene)

    scene.workspace.events.redeliver(last)
    scene.workspace.events.echo(last)
    await scene.settled()

    texts = [entry["text"] for entry in (await scene.record())["timeline"]]
    assert texts.count("said before the stop") == 1


async def test_a_restart_says_nothing_in_any_channel(scene: Scene) -> None:
    room = await scene.declare()
    before = len(scene.calls("chat.postMessage"))

    await restarted(scene)
    await restarted(scene)

    assert len(scene.calls("chat.postMessage")) == before
    assert len(scene.ours(room)) == 2
