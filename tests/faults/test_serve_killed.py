"""The command `serve` itself, with nothing of the tests in it, killed in the middle of several incidents at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.commands.running import CommandLine
from tests.faults.checks import expect_one_of_everything
from tests.faults.lives import free_port
from tests.faults.world import NOWHERE, World

PEOPLE = ("ada", "ben", "chen", "dara", "eli")
READY_SECONDS = 20


class Served(World):
    """A world whose product is started by the command line."""

    def __init__(self, database_url: str, folder: Path) -> None:
        super().__init__(None, database_url, folder)  # type: ignore[arg-type]
        self.process: asyncio.subprocess.Process | None = None

    @property
    def life(self) -> Served:
        return self

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def live(self) -> None:
        port = free_port()
        settings = {name.upper(): str(value) for name, value in self.settings().items()} | {"PORT": str(port)}
        self.process = await CommandLine(self.folder).start("serve", **settings)
        self.workspace.app.request_url = f"http://127.0.0.1:{port}/slack/events"
        async with asyncio.timeout(READY_SECONDS), ClientSession() as session:
            while not await _ready(session, port):  # noqa: ASYNC110 - nobody tells when it is
                await asyncio.sleep(0.1)

    async def dies(self) -> None:
        assert self.process is not None
        self.workspace.app.request_url = NOWHERE
        os.kill(self.process.pid, signal.SIGKILL)
        await self.process.communicate()

    async def stop(self) -> None:
        if self.alive:
            await self.dies()
        await self.server.stop()
        await self.store.close()

    async def settled(self) -> None:
        await self.workspace.events.settled()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def served(database_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    world = Served(database_url, tmp_path)
    await world.start()
    yield world
    await world.stop()


async def test_five_declarations_are_finished_by_the_next_process(served: Served) -> None:
    """Each is at another step when the process dies; the next one waits for no more than the lease of half a minute."""
    forms = [await served.opens_form(who, "", "support") for who in PEOPLE]
    served.workspace.latency_seconds = 0.15
    for number, (who, form) in enumerate(zip(PEOPLE, forms, strict=True)):
        assert form is not None
        assert await served.tries(served.person(who).submit(form, {"title": f"Number {number}", "severity": "sev1"}))
        await asyncio.sleep(0.1)
    await served.dies()
    served.workspace.latency_seconds = 0
    await served.live()
    async with asyncio.timeout(60):
        while await _under_way(served):  # noqa: ASYNC110 - nobody tells when it is over
            await asyncio.sleep(0.2)
    assert len(await served.keys()) == len(PEOPLE)
    await expect_one_of_everything(served)


async def _under_way(world: Served) -> bool:
    """Whether anything is due soon or runs; what was said is looked at again a minute after declaring."""
    async with world.store.read() as uow:
        due_at = await uow.jobs.next_due_at()
    return await world.running() > 0 or (due_at is not None and world.clock.seconds_until(due_at) < 20)


async def _ready(session: ClientSession, port: int) -> bool:
    try:
        async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
            return answer.status == 200
    except OSError:
        return False
