"""The product as a process that can be killed, seen from the test."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import sys
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

CHILD = Path(__file__).parent / "child.py"


class DiedError(Exception):
    """The life ended while it was waited for."""


@dataclass
class Life:
    """One process of the product."""

    pid: int
    port: int
    control: str
    _handle: int = field(init=False)

    def __post_init__(self) -> None:
        self._handle = os.pidfd_open(self.pid)

    @property
    def alive(self) -> bool:
        readable, _, _ = select.select([self._handle], [], [], 0)
        return not readable

    def kill(self) -> None:
        """Kill it as a power cut would; it is dead on return."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        select.select([self._handle], [], [], 5)

    def terminate(self) -> None:
        """Ask it to stop."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGTERM)

    async def gone(self, within_seconds: float = 15) -> None:
        """Return once it has ended. Raises TimeoutError when it is late."""
        await asyncio.to_thread(select.select, [self._handle], [], [], within_seconds)
        if self.alive:
            raise TimeoutError

    async def ready(self, within_seconds: float = 30) -> None:
        """Return once /readyz says so. Raises DiedError when it ends before."""
        async with asyncio.timeout(within_seconds), ClientSession() as session:
            while self.alive:
                with suppress(ClientError, OSError):
                    async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                        if answer.status == 200 and self._listens():
                            return
                await asyncio.sleep(0.02)
        raise DiedError

    def _listens(self) -> bool:
        return Path(self.control).exists()

    async def settled(self, within_seconds: float = 30) -> None:
        """Return once the product has nothing due left to do. Raises DiedError when it ends before."""
        try:
            async with asyncio.timeout(within_seconds):
                reader, writer = await asyncio.open_unix_connection(self.control)
                try:
                    writer.write(b"settle\n")
                    if await reader.readline() != b"settled\n":
                        raise DiedError
                finally:
                    writer.close()
        except (ConnectionError, FileNotFoundError) as error:
            raise DiedError from error

    def forget(self) -> None:
        os.close(self._handle)


class Zygote:
    """Bears lives; one for a whole run, since importing everything takes longer than all else."""

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(CHILD), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        # Short, since the paths of sockets may not be long.
        self._folder = tempfile.TemporaryDirectory(prefix="life-")
        self._born = 0

    async def bear(self, settings: dict[str, Any], *, clock: Path, log: Path) -> Life:
        """A new life, which is not ready yet."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._born += 1
        port, control = free_port(), f"{self._folder.name}/{self._born}"
        asked = {
            "settings": settings | {"port": port},
            "clock": str(clock),
            "control": control,
            "log": str(log),
        }
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        await self._process.stdin.drain()
        return Life(int(await self._process.stdout.readline()), port, control)

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        self._folder.cleanup()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
