"""Commands of the host: run by the name that the operator allowed, no shell, the order on standard input."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.connectors.answers import LARGEST_ANSWER, order_body, understood
from app.domain.register import Connector
from app.ports.switches import Answer, Call, Order, SwitchFailed

ACT_SECONDS = 30.0
READ_SECONDS = 10.0
# Nothing of the product's own surroundings, where its secrets are.
_SURROUNDINGS = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Commands:
    """Runs allowed commands. `allowed`: the path of each by its name; empty allows none."""

    allowed: Mapping[str, Path]
    act_seconds: float = ACT_SECONDS
    read_seconds: float = READ_SECONDS

    def missing(self, connector: Connector) -> str:
        """The first command of the connector that is not allowed, empty if all are."""
        named = (connector.command, connector.verify_command, connector.undo_command)
        return next((one for one in named if one and one not in self.allowed), "")

    async def call(self, call: Call, order: Order) -> Answer:
        """Raises SwitchFailed for everything but a timely exit with 0 and an answer about this order."""
        seconds = self.read_seconds if call is Call.VERIFY else self.act_seconds
        path = self._path(order.switch.connector, call)
        try:
            process = await asyncio.create_subprocess_exec(
                path,
                call.value,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_SURROUNDINGS,
                start_new_session=True,
            )
        except OSError as error:
            raise SwitchFailed(f"its command could not be started ({type(error).__name__})") from None
        try:
            async with asyncio.timeout(seconds):
                body = await _ran(process, order_body(call, order))
        except TimeoutError:
            raise SwitchFailed(f"its command did not end within {seconds:g} seconds", again=True) from None
        finally:
            await _ended(process)
        return understood(call, order, body)

    def _path(self, connector: Connector, call: Call) -> Path:
        named = {
            Call.ACT: connector.command,
            Call.VERIFY: connector.verify_command,
            Call.UNDO: connector.undo_command,
        }[call]
        if not named or named not in self.allowed:
            raise SwitchFailed("its command is not among those that this host allows")
        return self.allowed[named]


async def _ran(process: asyncio.subprocess.Process, order: bytes) -> bytes:
    """What the command said on standard output, once it has ended well."""
    if process.stdin is None or process.stdout is None:
        raise SwitchFailed("its command could not be started")
    with suppress(ConnectionError):
        process.stdin.write(order)
        await process.stdin.drain()
    process.stdin.close()
    said = bytearray()
    while chunk := await process.stdout.read(8192):
        said += chunk
        if len(said) > LARGEST_ANSWER:
            raise SwitchFailed(f"its answer is longer than {LARGEST_ANSWER // 1024} kB")
    code = await process.wait()
    if code != 0:
        raise SwitchFailed(f"its command ended with the code {code}", again=True)
    return bytes(said)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Nothing that the command has started outlives its time."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
