"""Lives of the product: a process that has everything imported, and forks the real product as often as it is asked to.

Run as a program. Each line on standard input asks for one life, as JSON: `settings` (as app.settings.Settings takes
them), `clock` (a file that holds by how many seconds the clock is ahead), `control` (where the life listens to the
test) and `log` (where its log goes). The answer is a line with its process id. A life is a process like any other: it
can be killed at any time, and SIGTERM stops it as it stops `serve`. It differs from that in two things only: its clock
can be moved, and its imports are done already.
"""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import signal
import struct
import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import aiosqlite  # noqa: F401 - imported before forking, to be there at once
import openai  # noqa: F401
import psycopg  # noqa: F401

from app.bootstrap import build
from app.commands.serve import STOP_WITHIN_SECONDS
from app.journal import set_up_log
from app.product import Product
from app.settings import Settings


class SharedClock:
    """The wall clock plus the seconds that a file holds; whoever moves it moves it for everybody."""

    def __init__(self, path: str | Path) -> None:
        file = Path(path)
        if not file.exists():
            file.write_bytes(struct.pack("d", 0.0))
        with file.open("r+b") as opened:
            self._ahead = mmap.mmap(opened.fileno(), 8)

    @property
    def ahead_seconds(self) -> float:
        return float(struct.unpack("d", self._ahead[:8])[0])

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead_seconds)

    def timestamp(self) -> float:
        return self.now().timestamp()

    def seconds_until(self, at: datetime) -> float:
        return (at - self.now()).total_seconds()

    def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        self._ahead[:8] = struct.pack("d", self.ahead_seconds + minutes * 60 + seconds)


async def live(asked: dict[str, Any]) -> None:
    """The product until SIGTERM; the control socket answers `settled` when nothing due is left to do."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    product = build(Settings(**asked["settings"]), clock=SharedClock(asked["clock"]))
    await product.start()
    control = await asyncio.start_unix_server(lambda *streams: answer(product, *streams), asked["control"])
    await stop.wait()
    control.close()
    async with asyncio.timeout(STOP_WITHIN_SECONDS):
        await product.stop()


async def answer(product: Product, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while await reader.readline():
            await product.settled()
            writer.write(b"settled\n")
            await writer.drain()
    except ConnectionError:
        return
    finally:
        writer.close()


def be_born(asked: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(log, number)
    os.close(0)
    set_up_log("info", "json")
    code = 1
    try:
        asyncio.run(live(asked))
        code = 0
    except Exception:  # noqa: BLE001 - the edge of the process
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    # Dead children are cleared away at once, so that a life is over for the test when its process is.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    pending = b""
    while chunk := os.read(0, 65536):
        pending += chunk
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            child = os.fork()
            if child == 0:
                be_born(json.loads(line))
            os.write(1, f"{child}\n".encode())


if __name__ == "__main__":
    main()
