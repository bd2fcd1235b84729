"""One replica: an engine with its ticker, in this process or, run as a program, in one of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from app.engines import agree, clock_for, engine_for
from app.ports.clock import Clock
from app.scheduler.agreed_clock import AgreedClock
from app.scheduler.system_clock import SystemClock
from app.scheduler.ticker import Ticker
from app.services.jobs.runner import Runner
from app.store import SqlStore
from tests.engines.effects import Log, Work


class WrongClock(SystemClock):
    """The clock of a machine that is some seconds ahead, or behind."""

    def __init__(self, seconds_ahead: float) -> None:
        self._ahead = timedelta(seconds=seconds_ahead)

    def now(self) -> datetime:
        return super().now() + self._ahead


class Replica:
    """What the product starts of itself to run jobs. `limit` is how many it runs at a time."""

    def __init__(self, url: str, log: Log, *, seconds_ahead: float = 0, limit: int = 48) -> None:
        self.clock: Clock = clock_for(url)
        if seconds_ahead and isinstance(self.clock, AgreedClock):
            self.clock = AgreedClock(WrongClock(seconds_ahead))
        self.store = SqlStore(url)
        runner = Runner(self.store, self.clock, {"work": Work(log, self.clock)}, limit=limit)
        self.engine = engine_for(url, self.store, runner, self.clock)
        self.ticker = Ticker(self.engine.run_due, self.engine.next_due_at, self.clock)

    async def start(self) -> None:
        await agree(self.clock, self.store)
        await self.engine.start()
        self.store.on_jobs = self.ticker.wake
        self.ticker.start()

    async def stop(self) -> None:
        await asyncio.gather(self.ticker.stop(patience_seconds=2.5), self.engine.stop())
        await self.engine.hand_over()
        await self.store.close()


async def main(url: str, file: str) -> None:
    """Run until told to stop; says `ready` once it takes jobs."""
    replica = Replica(url, Log(Path(file)))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await replica.start()
    print("ready", flush=True)
    await stop.wait()
    await replica.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
