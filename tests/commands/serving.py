"""A bot that runs as a process of its own, as an operator runs it."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession

from tests.commands.running import CommandLine


@dataclass(frozen=True)
class Serving:
    """A bot that runs as a process of its own."""

    process: asyncio.subprocess.Process
    said: str

    @property
    def address(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        assert found, self.said
        return found.group()

    async def get(self, path: str) -> tuple[int, str]:
        async with ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def stop(self, number: int = signal.SIGTERM) -> tuple[int | None, str]:
        """Tell it to stop; its exit code and all it wrote to standard error."""
        self.process.send_signal(number)
        async with asyncio.timeout(15):
            _, err = await self.process.communicate()
        return self.process.returncode, err.decode()


@asynccontextmanager
async def serving(command_line: CommandLine, **settings: str) -> AsyncIterator[Serving]:
    process = await command_line.start("serve", **{"PORT": "0", **settings})
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            said = (await process.stdout.readline()).decode()
        if not said:
            _, err = await process.communicate()
            pytest.fail(err.decode())
        yield Serving(process, said)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
