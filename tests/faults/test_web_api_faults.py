"""Slack's Web API fails in every way it can, and the story ends as if it never had."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from app.workspace import faults
from app.workspace.faults import Fault
from app.workspace.model import Json
from tests.faults.checks import expect_one_of_everything
from tests.faults.comparing import lines_of
from tests.faults.flows import carry_out, changing_a_role, declaring, nudging, publishing, resolving
from tests.faults.near import NearWorld

KINDS: dict[str, Fault] = {
    "answer_lost": faults.lost_answer(),
    "connection_dropped": faults.dropped(),
    "http_500": faults.http_500(),
    "told_to_wait": faults.ratelimited(1),
    "slow": faults.slow(0.2),
    "internal_error": faults.error("internal_error"),
}
METHODS = (
    "bookmarks.add",
    "bookmarks.list",
    "chat.delete",
    "chat.postMessage",
    "chat.update",
    "conversations.create",
    "conversations.history",
    "conversations.invite",
    "conversations.open",
    "conversations.setPurpose",
    "conversations.setTopic",
    "pins.add",
    "users.info",
    "views.open",
    "views.update",
)
# With FAULTS=all each method fails on its own in each way.
EVERY_WAY = os.environ.get("FAULTS") == "all"
ALONE = [(method, kind) for method in METHODS for kind in KINDS] if EVERY_WAY else [("chat.postMessage", "answer_lost")]


@pytest.fixture(scope="module")
async def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """What the story leaves on record where nothing fails."""
    folder = tmp_path_factory.mktemp("undisturbed")
    world = NearWorld(f"sqlite+aiosqlite:///{folder / 'incidents.db'}", folder)
    await world.start()
    told = await _told(world)
    await world.stop()
    return told


@pytest.mark.parametrize("kind", KINDS)
async def test_the_story_ends_alike_when_the_first_calls_of_each_method_fail(
    near: NearWorld, undisturbed: Counter[str], kind: str
) -> None:
    for method in METHODS:
        near.workspace.faults.add(method, KINDS[kind], times=2)
    assert await _told(near) == undisturbed
    await expect_one_of_everything(near)


@pytest.mark.parametrize(("method", "kind"), ALONE)
async def test_the_story_ends_alike_when_every_other_call_of_one_method_fails(
    near: NearWorld, undisturbed: Counter[str], method: str, kind: str
) -> None:
    near.workspace.faults.add(method, KINDS[kind], times=None, when=_every(2))
    assert await _told(near) == undisturbed
    await expect_one_of_everything(near)


async def test_every_third_call_of_any_method_may_lose_its_answer(near: NearWorld, undisturbed: Counter[str]) -> None:
    near.workspace.faults.add("*", faults.lost_answer(), times=None, when=_every(3))
    assert await _told(near) == undisturbed
    await expect_one_of_everything(near)


async def test_whoever_is_told_to_wait_waits_and_so_does_everybody_else(near: NearWorld) -> None:
    asked_at: list[float] = []

    def watched(_args: Json) -> bool:
        asked_at.append(time.monotonic())
        return False

    near.workspace.faults.add("chat.update", faults.ratelimited(2), times=1, when=lambda _: True)
    near.workspace.faults.planned.insert(0, near.workspace.faults.add("chat.update", faults.dropped(), when=watched))
    for _ in range(3):
        (declare,) = await declaring(near)
        await declare.act()
    for key in await near.keys():
        await near.take("ben", "commander", key)
    await near.calms_down()
    # What was on its way already when the answer came can't be called back.
    later = [at for at in asked_at if at > asked_at[0] + 0.1]
    assert later
    assert min(later) - asked_at[0] >= 2
    await expect_one_of_everything(near)


async def _told(world: NearWorld) -> Counter[str]:
    """The whole story; people press again what visibly came to nothing."""
    for flow in (declaring, changing_a_role, publishing, nudging):
        await _played(world, flow)
    await world.person("eli").say(world.room().id, "The order tool answers for everybody.")
    await _played(world, resolving)
    world.workspace.faults.clear()
    await world.calms_down()
    return sum([lines_of(await world.record(key), with_reminders=True) for key in await world.keys()], Counter())


async def _played(world: NearWorld, flow: Callable[..., object]) -> None:
    stages = await flow(world)  # type: ignore[misc]
    for stage in stages:
        for _ in range(8):
            if await stage.done():
                break
            await stage.act()
            await world.calms_down()
    assert await carry_out(world, stages)


def _every(nth: int) -> Callable[[Json], bool]:
    calls: Iterator[int] = count(1)
    return lambda _args: next(calls) % nth == 0
