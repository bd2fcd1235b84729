"""The promise of a next update: told before, nudged when due, escalated when late, and never a pile."""

from __future__ import annotations

import pytest

from app.workspace.model import Channel, Message
from tests.scenarios.scene import Scene, words

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])

# SEV2 promises an update every 60 minutes: told 10 minutes before, late 10 minutes after.
BEFORE, DUE, LATE, PERIOD = 51, 10, 10, 60


def nudges(scene: Scene, room: Channel) -> list[Message]:
    return scene.with_action(room, "reminder.snooze")


def private_nudges(scene: Scene, who: str) -> list[str]:
    return [words(one) for one in scene.with_action(scene.person(who).dm(), "reminder.snooze")]


async def pressed(scene: Scene, who: str, nudge: Message, action: str) -> None:
    await scene.person(who).press(nudge, action)
    await scene.settled()


async def published(scene: Scene, who: str, room: Channel, **fields: str | int) -> None:
    """Draft, approve and publish an update."""
    person = scene.person(who)
    await person.press(scene.card(room), "status_update.draft")
    form = await scene.workspace.until(person.modal)
    await person.submit(form, fields)
    await scene.settled()
    for action in ("status_update.approve", "status_update.publish"):
        (review,) = scene.with_action(room, action)
        await pressed(scene, who, review, action)


async def test_the_comms_lead_is_told_privately_before_it_is_due(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("dara", "comms", room)

    await scene.passes(minutes=BEFORE)

    (told,) = private_nudges(scene, "dara")
    assert "is promised for" in told
    assert private_nudges(scene, "ada") == []
    assert nudges(scene, room) == []


async def test_without_a_comms_lead_the_commander_is_told_and_why(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ben", "commander", room)

    await scene.passes(minutes=BEFORE)

    (told,) = private_nudges(scene, "ben")
    assert "nobody leads comms" in told
    assert private_nudges(scene, "ada") == []


async def test_when_due_one_nudge_in_the_channel_takes_the_place_of_the_private_one(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("dara", "comms", room)
    await scene.passes(minutes=BEFORE)

    await scene.passes(minutes=DUE)

    (nudge,) = nudges(scene, room)
    assert "is due now" in words(nudge)
    assert private_nudges(scene, "dara") == []


async def test_when_late_the_commander_is_told_once_per_period_and_nothing_piles_up(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ben", "commander", room)
    await scene.passes(minutes=BEFORE)
    await scene.passes(minutes=DUE)
    (due,) = nudges(scene, room)

    await scene.passes(minutes=LATE)
    first = private_nudges(scene, "ben")
    for _ in range(5):
        await scene.passes(minutes=5)
    unchanged = private_nudges(scene, "ben")
    await scene.passes(minutes=PERIOD - 25)
    later = private_nudges(scene, "ben")

    assert len(first) == len(unchanged) == len(later) == 1
    assert "late" in first[0]
    assert unchanged == first
    assert later != first
    (nudge,) = nudges(scene, room)
    assert nudge.ts == due.ts
    assert "is late" in words(nudge)


async def test_snoozing_moves_this_promise_alone(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("dara", "comms", room)
    await scene.passes(minutes=BEFORE)
    await scene.passes(minutes=DUE)

    await pressed(scene, "dara", nudges(scene, room)[0], "reminder.snooze")
    assert nudges(scene, room) == []
    await scene.passes(minutes=16)
    assert len(nudges(scene, room)) == 1
    await published(scene, "dara", room)
    await scene.passes(minutes=PERIOD - 8)

    assert nudges(scene, room) == []
    assert len(private_nudges(scene, "dara")) == 1
    await scene.passes(minutes=8)
    assert len(nudges(scene, room)) == 1
    assert any("Snoozed the next update by 15 min" in entry["text"] for entry in (await scene.record())["timeline"])


async def test_dismissing_ends_the_nudges_of_this_promise_until_the_next(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("dara", "comms", room)
    await scene.passes(minutes=BEFORE)
    await scene.passes(minutes=DUE)

    await pressed(scene, "dara", nudges(scene, room)[0], "reminder.dismiss")
    await scene.passes(minutes=3 * PERIOD)

    assert nudges(scene, room) == []
    assert private_nudges(scene, "dara") == private_nudges(scene, "ada") == []
    await published(scene, "dara", room)
    await scene.passes(minutes=PERIOD + 1)
    assert len(nudges(scene, room)) == 1


async def test_a_nudge_that_is_over_answers_that_it_is(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("dara", "comms", room)
    await scene.passes(minutes=BEFORE + DUE)
    (nudge,) = nudges(scene, room)
    await scene.person("ben").join(room.id)

    await pressed(scene, "dara", nudge, "reminder.snooze")
    await pressed(scene, "ben", nudge, "reminder.dismiss")

    assert any("snoozed already" in text for text in scene.whispered("ben", room.id))


async def test_publishing_takes_the_nudge_away_and_promises_the_next_update_as_the_form_says(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("dara", "comms", room)
    await scene.passes(minutes=BEFORE + DUE)

    await published(scene, "dara", room, next_update_minutes=90)

    assert nudges(scene, room) == []
    update = (await scene.record())["updates"][-1]
    assert update["next_update_at"] > update["published_at"]
    await scene.passes(minutes=79)
    assert private_nudges(scene, "dara") == []
    await scene.passes(minutes=2)
    assert len(private_nudges(scene, "dara")) == 1


async def test_a_change_of_severity_moves_the_promise(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "commander", room)

    await scene.command("ada", "severity sev1", room.id)
    await scene.passes(minutes=31)
    assert len(nudges(scene, room)) == 1

    await scene.command("ada", "severity sev3", room.id)
    assert nudges(scene, room) == []
    await scene.passes(minutes=180)
    assert nudges(scene, room) == []
    await scene.passes(minutes=30)
    assert len(nudges(scene, room)) == 1


async def test_a_resolved_incident_is_not_nudged_and_its_nudge_goes(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "commander", room)
    await scene.passes(minutes=BEFORE + DUE)
    assert len(nudges(scene, room)) == 1

    await scene.command("ada", "resolve rolled back", room.id)
    await scene.passes(minutes=5 * PERIOD)

    assert nudges(scene, room) == []
    assert private_nudges(scene, "ada") == []


async def test_what_fell_due_while_the_product_was_down_is_told_once_after_the_start(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ben", "commander", room)
    await scene.stop_product()
    scene.clock.advance(minutes=75)

    await scene.start_product()
    await scene.workspace.until(lambda: private_nudges(scene, "ben"))
    await scene.settled()

    (nudge,) = nudges(scene, room)
    assert "late" in words(nudge)
    (told,) = private_nudges(scene, "ben")
    assert "late" in told
    posted = [args for args in scene.calls("chat.postMessage") if "is due" in args["text"]]
    assert posted == []
