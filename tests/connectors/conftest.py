"""Receivers that a webhook is sent to: the sample of docs/ as a process of its own, and ones that misbehave."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "docs" / "containment_receiver.py"
SECRET = "shared-with-the-receiver"


@pytest.fixture(scope="session")
async def receiver_url() -> AsyncIterator[str]:
    """Where the sample receiver listens, started as an operator would."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SAMPLE),
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "CONTAINMENT_SECRET": SECRET},
    )
    assert process.stdout is not None
    said = (await process.stdout.readline()).decode()
    yield said.removeprefix("listening on ").strip()
    process.terminate()
    await process.wait()


Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]


@pytest.fixture
async def listening() -> AsyncIterator[Callable[[bytes | None], object]]:
    """Starts a server that sends these bytes, whatever it is asked (None: nothing, ever); its address."""
    servers: list[asyncio.Server] = []
    hung: list[asyncio.StreamWriter] = []

    async def listen(answer: bytes | None) -> str:
        async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if answer is None:
                hung.append(writer)
                return
            await reader.read(65536)
            writer.write(answer)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answering, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    yield listen
    for writer in hung:
        writer.close()
    for server in servers:
        server.close()
        await server.wait_closed()
