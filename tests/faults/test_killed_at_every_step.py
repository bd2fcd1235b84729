"""The process is killed before and after every call that it makes to Slack, and started again."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count

import pytest

from tests.faults.checks import expect_one_of_everything
from tests.faults.comparing import lines_of
from tests.faults.flows import Flow, carry_out, changing_a_role, declaring, nudging, publishing, resolving
from tests.faults.world import Death, World

FLOWS = {
    "declare": declaring,
    "role": changing_a_role,
    "publish": publishing,
    "nudge": nudging,
    "postmortem": resolving,
}
# Fewer calls than these would mean that nothing was tested.
AT_LEAST = {"declare": 12, "role": 5, "publish": 6, "nudge": 6, "postmortem": 5}


# Every nth call is enough to notice what broke. With FAULTS=all the process dies at each of them, on both databases.
STRIDES = {"sqlite": 3, "postgresql": 5}
EVERY_STEP = os.environ.get("FAULTS") == "all"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def calls(database_kind: str, acted: bool) -> Iterable[int]:
    """The numbers of the calls to die at; those that are lost and those that are taken take turns."""
    stride = STRIDES[database_kind]
    return count(1) if EVERY_STEP else count(1 + acted * (stride // 2), stride)


@pytest.mark.parametrize("acted", [False, True], ids=["call_lost", "call_taken"])
@pytest.mark.parametrize("name", FLOWS)
async def test_one_of_everything_wherever_the_process_dies(
    world: World, name: str, acted: bool, calls: Iterable[int]
) -> None:
    """The flow runs again and again, dying one call later each time, until it ends before its death."""
    flow = FLOWS[name]
    await _runs(world, flow)
    calls_before = len(world.workspace.calls)
    undisturbed = await _runs(world, flow)
    assert len(world.workspace.calls) - calls_before >= AT_LEAST[name]
    for call in calls:
        death = Death(call, acted)
        left_behind = await _runs(world, flow, death)
        assert left_behind == undisturbed, f"died at {death.struck}, the {call}th call"
        await expect_one_of_everything(world, newest=2)
        if death.struck is None:
            break
    await expect_one_of_everything(world)


async def _runs(world: World, flow: Flow, death: Death | None = None) -> Counter[str]:
    """What one run leaves on record; somebody speaks up meanwhile, whether the product lives or not."""
    stages = await flow(world)
    there = await world.keys()
    before = await _records(world, there[:1])
    if death is not None:
        world.die_at(death)
    finished = await carry_out(world, stages)
    await world.person("eli").say(world.room().id, "Are you still there?")
    if finished:
        await world.settled()
    else:
        await world.revive()
        assert await carry_out(world, stages)
    world.workspace.faults.clear()
    there = there[:1] + [key for key in await world.keys() if key not in there]
    return await _records(world, there) - before


async def _records(world: World, keys: Sequence[str]) -> Counter[str]:
    """What is on record of these incidents, and of the one whose room is spoken in."""
    spoken_in = ["INC-1"] if await world.incident("INC-1") else []
    return sum([lines_of(await world.record(key)) for key in {*keys, *spoken_in}], Counter())
