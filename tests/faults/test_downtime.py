"""The bot sleeps while people talk; its record is that of a bot that never slept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.faults.checks import expect_one_of_everything
from tests.faults.comparing import messages_of
from tests.faults.near import NearWorld
from tests.faults.talking import Talk, plan, spoken

BEFORE = plan(1, 30)
MEANWHILE = plan(2, 500, after=BEFORE)
BORN = len(list(spoken(BEFORE)))
DELETED_MEANWHILE = {step.about for step in MEANWHILE if step.kind == "delete"}
HOURS = 2


@pytest.fixture
async def other(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A second world, whose bot never sleeps."""
    folder = tmp_path_factory.mktemp("awake")
    world = NearWorld(f"sqlite+aiosqlite:///{folder / 'incidents.db'}", folder)
    await world.start()
    yield world
    await world.stop()


async def test_two_hours_of_talk_are_read_afterwards_as_if_they_had_been_heard(
    near: NearWorld, other: NearWorld
) -> None:
    """What nobody can know afterwards is left out: words that were replaced, and messages that were deleted, between
    two looks. Slack's limits apply throughout."""
    heard = await _talked(other, slept=False)
    read = await _talked(near, slept=True)
    assert [_knowable(one) for one in read] == [
        _knowable(one) for one in heard if not (one["deleted"] and one["place"] >= BORN)
    ]
    assert len(read) > 450
    reading = [call for call in near.workspace.calls if call.method.startswith("conversations.")]
    assert not [call for call in reading if call.outcome == "ratelimited"]
    await expect_one_of_everything(near)


async def test_reading_everything_again_changes_nothing(near: NearWorld) -> None:
    await near.declare()
    await Talk(near, near.room().id).follow(BEFORE)
    await near.settled()
    before = await near.record()
    await near.sleep()
    await near.live()
    await near.settled()
    assert (await near.record())["timeline"] == before["timeline"]


async def test_what_was_said_before_the_bot_was_let_in_again_is_read(near: NearWorld) -> None:
    """Somebody puts the bot out of its room, or archives the room and brings it back: that counts as downtime."""
    await near.declare()
    ben, room = near.person("ben"), near.room().id
    await ben.say(room, "heard")
    await ben.remove(room, near.workspace.app.bot_user_id)
    await ben.say(room, "while it was out")
    await ben.invite(room, near.workspace.app.bot_user_id)
    await near.settled()
    assert await _texts(near) == ["heard", "while it was out"]
    await ben.archive(room)
    near.workspace.events.pause()
    await ben.unarchive(room)
    near.workspace.events.resume()
    await ben.say(room, "and we are back")
    await near.settled()
    assert await _texts(near) == ["heard", "while it was out", "and we are back"]


async def _texts(world: NearWorld) -> list[str]:
    return [entry["text"] for entry in (await world.record())["timeline"] if entry["source"]["ts"]]


async def _talked(world: NearWorld, *, slept: bool) -> list[dict[str, Any]]:
    """The messages on record after two hours of talk, as dicts, with the place of each in the talk."""
    world.workspace.rate_limited = True
    await world.declare()
    talk = Talk(world, world.room().id)
    await talk.follow(BEFORE)
    await world.settled()
    if slept:
        await world.sleep()
    await talk.follow(MEANWHILE, _step(world, HOURS * 3600 / len(MEANWHILE)))
    await world.workspace.events.settled(timeout_seconds=60)
    if slept:
        await world.live()
    await world.calms_down()
    places = {ts: place for place, (ts, _) in enumerate(talk.said)}
    entries = [entry for entry in (await world.record())["timeline"] if entry["source"]["ts"]]
    return [
        {"place": places[entry["source"]["ts"]], "deleted": told[6], "told": told, "reply_to": _parent(entry, places)}
        for entry, told in zip(entries, messages_of({"timeline": entries}), strict=True)
    ]


def _parent(entry: dict[str, Any], places: dict[str, int]) -> int | None:
    return places.get(entry["source"]["thread_ts"])


def _step(world: NearWorld, seconds: float) -> Callable[[], Awaitable[None]]:
    async def step() -> None:
        world.clock.advance(seconds=seconds)

    return step


def _knowable(message: dict[str, Any]) -> tuple[Any, ...]:
    """What a channel still shows of a message, and what was known of it before."""
    _, author, mark, text, _, revisions, deleted, files, reactions, linked = message["told"]
    if message["place"] in DELETED_MEANWHILE:
        return (message["place"], author, deleted, linked)
    known = revisions[:1] if message["place"] < BORN else []
    return (message["place"], author, mark, text, message["reply_to"], known, deleted, files, reactions, linked)
