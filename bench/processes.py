"""Processes that are measured: the product as an operator runs it, and what it is compared to."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientError, ClientSession

ROOT = Path(__file__).parents[1]


@dataclass
class Serving:
    """A process that answers on a port of this machine."""

    process: asyncio.subprocess.Process
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def rss_mib(self) -> float:
        """Memory in use, as the kernel counts it."""
        return rss_mib(self.process.pid)

    @property
    def cpu_seconds(self) -> float:
        """Time that the processor has spent on it."""
        return cpu_seconds(self.process.pid)

    def last_words(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text()[-3000:]

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        if self.process.returncode is None:
            self.process.terminate()
        await self.process.wait()


def cpu_seconds(pid: int) -> float:
    """Time that the processor has spent on a process, in it and for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mib(pid: int | str = "self") -> float:
    """Memory of a process in use, as the kernel counts it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def started(log: Path, *arguments: str, ready: str, **settings: str) -> Serving:
    """Run `python -m …` on a port of its own, and return once GET `ready` is answered 200.

    Its output goes to `log`. Raises RuntimeError with the end of it when the process ends or nothing comes in 60 s.
    """
    port = free_port()
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            cwd=log.parent,
            env=_surroundings({"PORT": str(port), **settings}),
            stdout=out,
            stderr=out,
        )
    serving = Serving(process, port, log)
    try:
        async with asyncio.timeout(60):
            await _answering(serving, ready)
    except TimeoutError:
        await serving.kill()
    if process.returncode is not None:
        raise RuntimeError(f"{arguments} did not come up:\n{serving.last_words()}")
    return serving


async def _answering(serving: Serving, path: str) -> None:
    async with ClientSession() as session:
        while serving.process.returncode is None:
            try:
                async with session.get(serving.url + path) as answer:
                    if answer.status == 200:
                        return
            except ClientError:
                pass
            await asyncio.sleep(0.05)


def _surroundings(settings: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **settings}
