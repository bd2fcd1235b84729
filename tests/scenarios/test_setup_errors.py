"""Slack fails while an incident is being set up: the incident stands, nothing doubles, and people are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from app.workspace import faults
from app.workspace.faults import Fault
from app.workspace.model import Channel
from tests.scenarios.scene import MARKED_DECLARATION, Scene, actions, words

STEPS = (
    "conversations.create",
    "conversations.invite",
    "conversations.setTopic",
    "conversations.setPurpose",
    "chat.postMessage",
    "pins.add",
    "bookmarks.list",
    "bookmarks.add",
    "views.update",
)


async def declared(scene: Scene, **fields: Any) -> None:
    """Declare, close what is left on screen, and give every retry its time."""
    form = await scene.declare_form("ada")
    await scene.person("ada").submit(form, MARKED_DECLARATION | {"severity": "sev4"} | fields)
    await scene.settled()
    await retried(scene)


async def retried(scene: Scene) -> None:
    for _ in range(6):
        await scene.passes(minutes=5)


def rooms(scene: Scene) -> list[Channel]:
    return [one for one in scene.workspace.channels.values() if one.name.startswith("inc-")]


async def recorded_problems(scene: Scene) -> list[str]:
    return [entry["text"] for entry in (await scene.record())["timeline"] if entry["author"] == "bot"]


def announcing(scene: Scene) -> Callable[[dict[str, Any]], bool]:
    place = scene.workspace.channel("ai-incidents")
    return lambda args: args.get("channel") in (place.id, place.name)


def in_room(scene: Scene) -> Callable[[dict[str, Any]], bool]:
    return lambda args: args.get("channel") in {room.id for room in rooms(scene)}


async def everything_is_there_once(scene: Scene) -> None:
    (room,) = rooms(scene)
    assert scene.person("ada").id in room.members
    assert "SEV4" in room.topic.value
    assert "INC-1" in room.purpose.value
    assert len(scene.with_action(room, "role.panel")) == 1
    assert [pin.ts for pin in room.pins] == [scene.card(room).ts]
    assert sorted(mark.title for mark in room.bookmarks) == ["Announcement", "Incident card"]
    assert len(scene.announcements()) == 1


@pytest.mark.parametrize(
    "fault",
    [faults.ratelimited(1), faults.http_500(), faults.lost_answer(), faults.dropped()],
    ids=lambda fault: fault.name,
)
async def test_what_goes_wrong_once_at_every_step_leaves_one_of_everything_and_nobody_is_bothered(
    scene: Scene, fault: Fault
) -> None:
    for method in STEPS:
        scene.workspace.faults.add(method, fault)
    scene.workspace.faults.add("chat.postMessage", fault, when=announcing(scene))

    await declared(scene)

    await everything_is_there_once(scene)
    assert await recorded_problems(scene) == []
    assert [text for text in scene.told("ada") if "could not" in text] == []


class Refused(NamedTuple):
    """A step that is refused for good; `told` and `todo` are said to the declarer."""

    method: str
    code: str
    told: str
    todo: str
    only: Callable[[Scene], Callable[[dict[str, Any]], bool]] | None = None


REFUSED = (
    Refused("conversations.setTopic", "missing_scope", "topic could not be set", "manifest.yml"),
    Refused("conversations.setPurpose", "restricted_action", "purpose could not be set", "admin"),
    Refused("pins.add", "missing_scope", "could not be pinned", "manifest.yml"),
    Refused("pins.add", "too_many_pins", "could not be pinned", "Unpin"),
    Refused("bookmarks.add", "too_many_bookmarks", "bookmark could not be added", "Remove a bookmark"),
    Refused("conversations.invite", "missing_scope", "could not be invited", "manifest.yml"),
    Refused("chat.postMessage", "restricted_action", "card could not be posted", "admin", in_room),
    Refused("chat.postMessage", "channel_not_found", "could not be announced in #ai-incidents", "name", announcing),
    Refused("chat.postMessage", "is_archived", "could not be announced in #ai-incidents", "Unarchive", announcing),
    Refused("chat.postMessage", "not_in_channel", "could not be announced in #ai-incidents", "/invite", announcing),
)


@pytest.mark.parametrize("refused", REFUSED, ids=lambda one: f"{one.method}-{one.code}")
async def test_a_step_refused_for_good_is_on_the_timeline_told_to_the_declarer_and_tried_again_when_asked(
    scene: Scene, refused: Refused
) -> None:
    planned = scene.workspace.faults.add(
        refused.method,
        faults.error(refused.code),
        times=None,
        when=refused.only(scene) if refused.only else None,
    )
    await declared(scene)

    assert len(rooms(scene)) == 1
    assert planned.struck <= 2
    entries = [text for text in await recorded_problems(scene) if refused.told in text]
    assert len(entries) == 1
    (problem,) = [one for one in scene.person("ada").dms() if refused.told in words(one)]
    assert refused.todo in words(problem)

    scene.workspace.faults.clear()
    await scene.person("ada").press(problem, "problem.retry")
    await scene.settled()
    await retried(scene)

    await everything_is_there_once(scene)


@pytest.mark.parametrize(("code", "todo"), [("restricted_action", "admin"), ("missing_scope", "manifest.yml")])
async def test_an_incident_stands_without_a_channel_until_one_can_be_made(scene: Scene, code: str, todo: str) -> None:
    scene.workspace.faults.add("conversations.create", faults.error(code), times=None)

    await declared(scene)

    assert rooms(scene) == []
    record = await scene.record()
    assert (record["status"], record["channel"]["id"]) == ("investigating", None)
    (problem,) = [one for one in scene.person("ada").dms() if "problem.retry" in actions(one)]
    assert "channel could not be created" in words(problem)
    assert todo in words(problem)
    shown = scene.person("ada").modal()
    assert shown is not None
    assert "channel could not be created" in words(shown)

    scene.workspace.faults.clear()
    await scene.person("ada").press(problem, "problem.retry")
    await scene.settled()
    await retried(scene)

    await everything_is_there_once(scene)


async def test_a_name_that_is_taken_gets_a_number_behind_it(scene: Scene) -> None:
    await scene.person("ben").create_channel(f"inc-1-{scene.clock.now():%Y%m%d}-support-bot-leaks-order-data")

    room = await scene.declare()

    assert room.name.endswith("-support-bot-leaks-order-data-2")


async def test_when_every_name_is_taken_the_declarer_is_told(scene: Scene) -> None:
    scene.workspace.faults.add("conversations.create", faults.error("name_taken"), times=None)

    await declared(scene)

    assert any("Every name that would fit is taken" in text for text in scene.told("ada"))


async def test_who_cannot_be_invited_is_named_and_the_others_are_in(scene: Scene) -> None:
    goran, hana = scene.person("goran"), scene.person("hana")
    goran.user.deleted = True

    await declared(scene, invite=[goran.id, hana.id])

    (room,) = rooms(scene)
    assert hana.id in room.members
    (entry,) = await recorded_problems(scene)
    (told,) = [text for text in scene.told("ada") if "Not invited" in text]
    for text in (entry, told):
        assert f"<@{goran.id}>" in text
        assert hana.id not in text
