"""The process is killed before and after every call that it makes to Slack, and started again."""

from __future__ import annotations

from collections import Counter
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("acted", [False, True], ids=["call_lost", "call_taken"])
@pytest.mark.parametrize("name", FLOWS)
async def test_one_of_everything_wherever_the_process_dies(world: World, name: str, acted: bool) -> None:
    """The flow runs again and again, dying one call later each time, until it ends before its death."""
    flow = FLOWS[name]
    await _runs(world, flow)
    undisturbed = await _runs(world, flow)
    for call in count(1):
        death = Death(call, acted)
        left_behind = await _runs(world, flow, death)
        assert left_behind == undisturbed, f"died at {death.struck}, the {call}th call"
        print(call, death.struck, round(__import__("time").monotonic() % 1000, 1), flush=True)
        await expect_one_of_everything(world)
        if death.struck is None:
            break
    assert call > AT_LEAST[name]


async def _runs(world: World, flow: Flow, death: Death | None = None) -> Counter[str]:
    """What one run leaves on record; somebody speaks up meanwhile, whether the product lives or not."""
    stages = await flow(world)
    before = await _all_records(world)
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
    return await _all_records(world) - before


async def _all_records(world: World) -> Counter[str]:
    async with world.store.read() as uow:
        keys = [one.key for one in await uow.incidents.recent(world.workspace.team.id, limit=200)]
    return sum([lines_of(await world.record(key)) for key in keys], Counter())
