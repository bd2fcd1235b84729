"""Events come twice, late, in another order, under another name, or not until they are sent again."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.checks import expect_one_of_everything
from tests.faults.comparing import lines_of, messages_of
from tests.faults.near import NearWorld
from tests.faults.talking import Talk, plan

STEPS = plan(11, 60)


@pytest.fixture(scope="module")
async def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The record where every event comes once and in order."""
    folder = tmp_path_factory.mktemp("undisturbed")
    world = NearWorld(f"sqlite+aiosqlite:///{folder / 'incidents.db'}", folder)
    await world.start()
    record = await _talked(world)
    await world.stop()
    return record


def twice(world: NearWorld) -> None:
    world.workspace.events.duplicate_next(10_000)


def late(world: NearWorld) -> None:
    chance = random.Random(3)
    for _ in range(10_000):
        world.workspace.events.delay_next(chance.random() / 2)


def in_reverse(world: NearWorld) -> None:
    world.workspace.events.reorder_next(40)


def only_when_sent_again(world: NearWorld) -> None:
    """The app can't be reached at first, and Slack sends everything again, in whatever order."""
    world.workspace.events.pause()


DISTURBANCES: dict[str, Callable[[NearWorld], None]] = {
    one.__name__: one for one in (twice, late, in_reverse, only_when_sent_again)
}


@pytest.mark.parametrize("name", DISTURBANCES)
async def test_the_record_is_that_of_an_undisturbed_run(
    near: NearWorld, undisturbed: dict[str, Any], name: str
) -> None:
    record = await _talked(near, DISTURBANCES[name])
    assert messages_of(record) == messages_of(undisturbed)
    assert lines_of(record) == lines_of(undisturbed)
    await expect_one_of_everything(near)


async def test_events_that_come_again_days_later_or_under_other_names_change_nothing(
    near: NearWorld, undisturbed: dict[str, Any]
) -> None:
    await _talked(near)
    events, chance = near.workspace.events, random.Random(5)
    again = list(events.deliveries)
    chance.shuffle(again)
    for delivery in again:
        (events.redeliver if chance.random() < 0.5 else events.echo)(delivery)
    await near.settled()
    assert messages_of(await near.record()) == messages_of(undisturbed)


async def _talked(world: NearWorld, disturb: Callable[[NearWorld], None] | None = None) -> dict[str, Any]:
    await world.declare()
    if disturb is not None:
        disturb(world)
    await Talk(world, world.room().id).follow(STEPS)
    events = world.workspace.events
    for held in random.Random(7).sample(events._held, len(events._held)):
        events.redeliver(held)
    events._held.clear()
    events.resume()
    for held in reversed(events._reordering):
        events.redeliver(held)
    await world.settled()
    return await world.record()
