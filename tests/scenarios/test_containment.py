"""Containment: one click with its terms, verified, on record, reviewed, undone; by those who may, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.demo.receiver import sample_receiver
from app.services.records.markdown import record_markdown
from app.workspace.model import Channel
from tests.scenarios.conftest import Staged
from tests.scenarios.penny import (
    PHONE,
    REVOKE,
    SECRET,
    asks,
    containment_messages,
    hook,
    offered,
    opened,
    presses,
    register_file,
    switches_at,
)
from tests.scenarios.scene import Scene, actions, words


@pytest.fixture
def receiver() -> Iterator[Any]:
    with sample_receiver(SECRET) as server:
        yield server


@pytest.fixture
async def scene(staged: Staged, receiver: Any, tmp_path: Path) -> Scene:
    return await staged(**register_file(tmp_path, *switches_at(receiver.url)))


@pytest.fixture
async def room(scene: Scene) -> Channel:
    room = await scene.declare(system="penny")
    await scene.take("ben", "commander", room)
    await scene.take("chen", "tech", room)
    return room


def told(scene: Scene, room: Channel) -> str:
    (message,) = containment_messages(scene, room)
    return words(message)


def done(receiver: Any) -> list[tuple[str, str]]:
    return [(one["action"], one["switch"]) for one in receiver.receiver.effects]


async def test_a_switch_is_thrown_verified_offered_as_status_and_undone(
    scene: Scene, room: Channel, receiver: Any
) -> None:
    form = await opened(scene, "chen", room)
    for said in ("Penny can read, and do nothing else", "customers who want", "gives the permissions back", "Evidence"):
        assert said in words(form)

    await asks(scene, "chen", room, "revoke")
    assert done(receiver) == [("act", "revoke")]
    assert "Contained: Penny" in told(scene, room)
    assert "Before: not contained" in told(scene, room)
    assert (await scene.record())["status"] == "investigating"

    await presses(scene, "ben", room, "containment.status")
    await scene.person("ben").submit(scene.person("ben").modal(), {"reason": "Penny is stopped"})
    await scene.settled()
    assert (await scene.record())["status"] == "contained"

    await presses(scene, "ben", room, "containment.undo")
    assert done(receiver) == [("act", "revoke"), ("undo", "revoke")]
    assert "Containment undone: Penny" in told(scene, room)
    assert offered(scene, room) == set()

    record = await scene.record()
    (kept,) = record["containments"]
    assert (kept["state"], kept["switch"], kept["asked_by"]) == ("undone", "revoke", scene.person("chen").id)
    assert (kept["before"]["reading"], kept["after"]["reading"]) == ("not_contained", "not_contained")
    assert [one["call"] for one in kept["answers"]] == ["verify", "act", "verify", "verify", "undo", "verify", "verify"]
    assert "agent-medium 7.2" in kept["evidence_note"]
    entries = [one["text"] for one in record["timeline"]]
    assert any(text.startswith("Contained Penny: Revoke Penny's permissions, verified at") for text in entries)
    assert {"containment.asked", "containment.contained", "containment.undone"} <= {
        one["action"] for one in record["audit"]
    }
    names = await scene.product.bench.records.names(scene.workspace.team.id, "INC-1")
    assert "Revoke Penny's permissions" in record_markdown(record, names).partition("## Containments")[2]


async def test_only_the_commander_and_the_technical_lead_may_act(scene: Scene, room: Channel, receiver: Any) -> None:
    sent = await asks(scene, "dara", room, "revoke")
    assert scene.person("ben").id in " ".join(sent.errors.values())
    assert done(receiver) == []

    await asks(scene, "ben", room, "revoke")
    await presses(scene, "dara", room, "containment.undo")
    assert "Only the incident commander" in scene.whispered("dara", room.id)[-1]
    assert done(receiver) == [("act", "revoke")]

    form = await opened(scene, "ben", room)
    assert "It is in force" in words(form)
    await scene.person("ben").close(form)

    await scene.command("ben", "resolve all is well", room.id)
    assert any("Penny is still contained" in words(one) for one in scene.ours(room))


async def test_a_dangerous_switch_takes_two_people_and_either_may_refuse_it(
    scene: Scene, room: Channel, receiver: Any
) -> None:
    await asks(scene, "chen", room, "tools")
    await presses(scene, "ben", room, "containment.refuse")
    assert "refused" in words(containment_messages(scene, room)[0])
    assert offered(scene, room) == set()

    await asks(scene, "chen", room, "tools")
    assert "A second person is needed" in words(containment_messages(scene, room)[1])
    assert any("A second person is needed" in text for text in scene.told("ben"))

    await presses(scene, "chen", room, "containment.approve")
    assert "somebody else has to approve" in scene.whispered("chen", room.id)[-1]
    await presses(scene, "dara", room, "containment.approve")
    assert "Somebody with a role" in scene.whispered("dara", room.id)[-1]
    assert done(receiver) == []

    await scene.take("dara", "scribe", room)
    await presses(scene, "dara", room, "containment.approve")
    assert done(receiver) == [("act", "tools")]
    _, kept = (await scene.record())["containments"]
    assert (kept["state"], kept["approved_by"]) == ("contained", scene.person("dara").id)

    receiver.receiver.systems.throw("penny", "tools", contained=False)
    await scene.passes(minutes=31)
    await scene.take("ada", "comms", room)
    await presses(scene, "chen", room, "containment.retry")
    assert done(receiver) == [("act", "tools")]
    await presses(scene, "ada", room, "containment.approve")
    assert done(receiver) == [("act", "tools"), ("act", "tools")]


async def test_anybody_in_the_channel_may_press_the_emergency_stop(scene: Scene, room: Channel, receiver: Any) -> None:
    await scene.person("ben").invite(room.id, "eli")
    await scene.command("eli", "contain", "general")
    assert "not an incident's channel" in scene.whispered("eli", "general")[-1]
    await scene.command("eli", "contain INC-1", "general")
    outside = await scene.workspace.until(scene.person("eli").modal)
    await scene.person("eli").press(outside, "containment.stop")
    await scene.settled()
    assert done(receiver) == []
    while (left := scene.person("eli").modal()) is not None:
        await scene.person("eli").close(left)

    assert actions(await opened(scene, "eli", room)).count("containment.stop") == 1
    await scene.person("eli").close(scene.person("eli").modal())
    await scene.person("eli").press(scene.card(room), "containment.stop")
    await scene.settled()
    assert "containment.stop" not in actions(scene.card(room))
    assert "contained: Revoke" in words(scene.card(room))

    assert done(receiver) == [("act", "revoke")]
    assert "Emergency stop by" in told(scene, room)
    (kept,) = (await scene.record())["containments"]
    assert (kept["emergency"], kept["state"]) == (True, "contained")


def times_asked(scene: Scene) -> int:
    """How often the commander was asked whether the containment is still right."""
    return sum("still right" in text for text in scene.told("ben"))


async def test_it_is_looked_at_again_when_its_time_comes(scene: Scene, room: Channel, receiver: Any) -> None:
    await asks(scene, "chen", room, "revoke")
    assert offered(scene, room) == {"containment.status", "containment.undo"}

    await scene.passes(minutes=31)
    assert "Is it still right?" in told(scene, room)
    assert any("still right" in text for text in scene.told("ben"))

    await presses(scene, "ben", room, "containment.keep")
    assert "looked at again" in told(scene, room)
    # Other words of the product to the commander come and go meanwhile.
    asked = times_asked(scene)
    await scene.passes(minutes=31)
    await scene.passes(minutes=31)
    assert times_asked(scene) == asked + 2
    await presses(scene, "ben", room, "containment.undo")
    await scene.passes(minutes=120)
    assert times_asked(scene) == asked + 2
    assert done(receiver)[-1] == ("undo", "revoke")


async def test_what_no_longer_reads_as_contained_is_called_so_and_contained_again(
    scene: Scene, room: Channel, receiver: Any
) -> None:
    await asks(scene, "chen", room, "revoke")
    receiver.receiver.systems.throw("penny", "revoke", contained=False)
    await scene.passes(minutes=31)
    assert "NOT CONTAINED: Penny" in told(scene, room)
    assert "NOT contained" in words(scene.card(room))
    (again,) = [one for one in scene.person("ben").dms() if "NOT CONTAINED any more" in words(one)]
    await scene.person("ben").press(again, "containment.retry")
    await scene.settled()
    assert "Contained: Penny" in told(scene, room)

    other = await scene.declare(system="penny", title="Penny again")
    await scene.take("ada", "commander", other)
    await asks(scene, "ada", other, "revoke")
    await presses(scene, "ada", other, "containment.undo")
    assert "Containment undone" in told(scene, other)
    assert "NOT CONTAINED: Penny" in told(scene, room)


async def test_what_people_do_by_hand_counts_when_they_say_so_in_words(scene: Scene, room: Channel) -> None:
    await asks(scene, "chen", room, "phone")
    assert "To be contained by hand: Penny" in told(scene, room)
    assert "Change the greeting" in told(scene, room)

    await presses(scene, "chen", room, "containment.by_hand")
    form = scene.person("chen").modal()
    await scene.person("chen").submit(form, {"outcome": "worked", "words": "Greeting changed; I called and heard it"})
    await scene.settled()
    assert "By the word of who did it" in told(scene, room)

    await presses(scene, "ben", room, "containment.undo")
    await presses(scene, "chen", room, "containment.by_hand")
    form = scene.person("chen").modal()
    await scene.person("chen").submit(form, {"outcome": "failed", "words": "The console is down"})
    await scene.settled()
    assert "still contained" in told(scene, room)
    (kept,) = (await scene.record())["containments"]
    assert [one["words"] for one in kept["answers"]] == [
        "Greeting changed; I called and heard it",
        "The console is down",
    ]


async def test_where_nothing_can_be_called_that_is_said_with_what_to_do(
    staged: Staged, receiver: Any, tmp_path: Path
) -> None:
    settings = register_file(tmp_path, REVOKE | {"connector": hook(receiver.url)}, PHONE | {"connector": {}})
    scene = await staged(**settings | {"containment_secret": None})
    room = await scene.declare(system="penny")
    await scene.take("ben", "commander", room)
    assert "CONTAINMENT_SECRET is not set" in words(await opened(scene, "ben", room))
    await scene.person("ben").close(scene.person("ben").modal())

    unknown = await scene.declare()
    await scene.command("ada", "contain", unknown.id)
    assert "names no system of the register" in scene.whispered("ada", unknown.id)[-1]
    assert "What to do" in scene.whispered("ada", unknown.id)[-1]

    drill = await scene.declare(system="penny", kind="drill")
    await scene.take("ben", "commander", drill)
    await asks(scene, "ben", drill, "revoke")
    assert "To be contained by hand" in told(scene, drill)
    assert done(receiver) == []


async def test_a_restricted_incident_tells_the_receiver_no_reason(scene: Scene, room: Channel, receiver: Any) -> None:
    await asks(scene, "chen", room, "revoke", "the board's mail was read")
    hidden = await scene.declare(system="penny", visibility="restricted", title="Secret")
    await scene.take("ada", "commander", hidden)
    await asks(scene, "ada", hidden, "revoke", "the chairman's mail was read")
    public, restricted = receiver.receiver.effects
    assert public["reason"] == "the board's mail was read"
    assert restricted.keys() == {"action", "incident", "system", "switch", "idempotency_key"}
