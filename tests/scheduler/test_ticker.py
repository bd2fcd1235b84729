"""When the ticker looks for due work."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import structlog

from app.scheduler.system_clock import SystemClock
from app.scheduler.ticker import Ticker


class Work:
    """Due instants, and when each pass ran."""

    def __init__(self, *, seconds_per_pass: float = 0.0) -> None:
        self.due: list[datetime] = []
        self.passes: list[datetime] = []
        self.done: list[tuple[datetime, datetime]] = []
        self.seconds_per_pass = seconds_per_pass
        self.cancelled = 0

    async def run_due(self) -> int:
        now = datetime.now(UTC)
        self.passes.append(now)
        taken = [at for at in self.due if at <= now]
        self.due = [at for at in self.due if at > now]
        self.done += [(at, now) for at in taken]
        try:
            await asyncio.sleep(self.seconds_per_pass)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return len(taken)

    async def next_due_at(self) -> datetime | None:
        return min(self.due, default=None)

    def ticker(self, *, interval_seconds: float = 30.0) -> Ticker:
        return Ticker(self.run_due, self.next_due_at, SystemClock(), interval_seconds=interval_seconds)


async def test_it_looks_at_once_when_it_starts_and_then_every_interval() -> None:
    work = Work()
    ticker = work.ticker(interval_seconds=0.1)
    ticker.start()
    await asyncio.sleep(0.35)
    await ticker.stop()
    assert 3 <= len(work.passes) <= 5


async def test_it_says_how_long_ago_it_ticked() -> None:
    ticker = Work().ticker(interval_seconds=0.05)
    assert ticker.seconds_since_tick is None
    ticker.start()
    await asyncio.sleep(0.12)
    assert ticker.seconds_since_tick is not None
    assert ticker.seconds_since_tick < 0.1
    await ticker.stop()


async def test_work_that_is_due_already_starts_at_once() -> None:
    work = Work()
    ticker = work.ticker()
    ticker.start()
    await asyncio.sleep(0.05)
    work.due.append(datetime.now(UTC))
    ticker.wake(work.due[0])
    await asyncio.sleep(0.1)
    await ticker.stop()
    assert len(work.done) == 1


async def test_a_near_due_time_is_met_precisely_and_not_at_the_next_tick() -> None:
    work = Work()
    ticker = work.ticker()
    ticker.start()
    await asyncio.sleep(0.05)
    at = datetime.now(UTC) + timedelta(seconds=0.3)
    work.due.append(at)
    ticker.wake(at)
    await asyncio.sleep(0.5)
    await ticker.stop()
    assert len(work.done) == 1
    assert (work.done[0][1] - at).total_seconds() < 0.1


async def test_an_earlier_due_time_wins_and_the_later_one_is_met_too() -> None:
    work = Work()
    ticker = work.ticker()
    ticker.start()
    await asyncio.sleep(0.05)
    now = datetime.now(UTC)
    later, earlier = now + timedelta(seconds=0.4), now + timedelta(seconds=0.2)
    work.due += [later, earlier]
    ticker.wake(later)
    ticker.wake(earlier)
    await asyncio.sleep(0.6)
    await ticker.stop()
    assert [at for at, _ in work.done] == [earlier, later]
    assert all((ran - at).total_seconds() < 0.1 for at, ran in work.done)


async def test_work_due_while_a_pass_is_slow_starts_beside_it() -> None:
    work = Work(seconds_per_pass=0.5)
    ticker = work.ticker()
    ticker.start()
    await asyncio.sleep(0.05)
    work.due.append(datetime.now(UTC))
    ticker.wake(work.due[0])
    await asyncio.sleep(0.1)
    assert len(work.done) == 1
    await ticker.stop()


async def test_a_crowd_of_wakes_runs_a_few_passes_and_misses_nothing() -> None:
    work = Work(seconds_per_pass=0.02)
    ticker = work.ticker()
    ticker.start()
    for _ in range(100):
        work.due.append(datetime.now(UTC))
        ticker.wake(work.due[-1])
        await asyncio.sleep(0)
    await asyncio.sleep(0.2)
    await ticker.stop()
    assert work.due == []
    assert len(work.passes) < 20


async def test_stopping_lets_work_finish() -> None:
    work = Work(seconds_per_pass=0.2)
    ticker = work.ticker()
    ticker.start()
    await asyncio.sleep(0.05)
    await ticker.stop()
    assert work.cancelled == 0


async def test_stopping_hands_over_what_does_not_finish_in_time() -> None:
    work = Work(seconds_per_pass=60)
    ticker = work.ticker()
    ticker.start()
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await ticker.stop(patience_seconds=0.2)
    assert time.monotonic() - began < 1
    assert work.cancelled == 1


async def test_a_pass_that_raises_does_not_end_the_ticking() -> None:
    passes = []

    async def run_due() -> None:
        passes.append(1)
        raise ConnectionError("the database is away")

    async def next_due_at() -> None:
        return None

    ticker = Ticker(run_due, next_due_at, SystemClock(), interval_seconds=0.05)
    ticker.start()
    await asyncio.sleep(0.8)
    await ticker.stop()
    assert len(passes) >= 3


async def test_a_chore_runs_every_so_often_and_never_twice_at_a_time() -> None:
    running, most, runs = 0, 0, 0

    async def chore() -> None:
        nonlocal running, most, runs
        running, runs = running + 1, runs + 1
        most = max(most, running)
        await asyncio.sleep(0.12)
        running -= 1

    ticker = Work().ticker()
    ticker.every(0.05, "sweep", chore)
    ticker.start()
    await asyncio.sleep(0.5)
    await ticker.stop()
    assert runs >= 2
    assert most == 1


async def test_waking_a_stopped_ticker_does_nothing() -> None:
    work = Work()
    ticker = work.ticker()
    ticker.wake(datetime.now(UTC))
    await asyncio.sleep(0.02)
    assert work.passes == []


async def test_work_that_goes_on_failing_is_told_whole_once_and_then_in_a_line() -> None:
    outcomes: list[Exception | None] = [OSError("away"), OSError("away"), ValueError("other"), None, OSError("away")]
    done = asyncio.Event()

    async def chore() -> None:
        error = outcomes.pop(0)
        if not outcomes:
            done.set()
        if error is not None:
            raise error

    ticker = Work().ticker()
    with structlog.testing.capture_logs() as logged:
        ticker.every(0.02, "chore", chore)
        ticker.start()
        await done.wait()
        await ticker.stop()
    told = [(line["event"].removeprefix("scheduled_work_"), "exc_info" in line) for line in logged][:5]
    assert told == [
        ("failed", True),
        ("still_fails", False),
        ("failed", True),
        ("goes_again", False),
        ("failed", True),
    ]
