"""The process is killed while a picture is on its way into the triage pack, and started again."""

from __future__ import annotations

import pytest

from app.workspace import pictures
from app.workspace.faults import dropped, lost_answer
from tests.faults.conftest import Begun
from tests.faults.world import World
from tests.scenarios.scene import words
from tests.scenarios.test_triage import EXAMPLE


def kill_at(world: World, method: str, *, acted: bool) -> None:
    def strikes(_args: object) -> bool:
        world.die()
        return True

    world.workspace.faults.add(method, lost_answer() if acted else dropped(), when=strikes)


@pytest.mark.parametrize("acted", [True, False], ids=["shared", "not_shared"])
async def test_a_picture_is_shared_once_when_the_process_dies_over_it(begun: Begun, acted: bool) -> None:
    world = await begun(register_file=str(EXAMPLE))
    kill_at(world, "files.completeUploadExternal", acted=acted)
    await world.declare(system="support-bot")
    assert not world.life.alive
    await world.revive()
    await world.passes(minutes=1)
    room = world.room()
    (pack,) = [one for one in room.messages.values() if "*Triage pack*" in words(one)]
    kept = [one for one in world.workspace.files.values() if one.complete]
    assert pictures.seen(world.workspace, world.person("ada").id, pack) == kept
    assert len(kept) == 1
    assert [one.files for one in room.messages.values() if one.is_reply] == [kept]
    assert await world.failed() == []
