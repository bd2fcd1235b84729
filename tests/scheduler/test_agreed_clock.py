"""The clock that replicas agree on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from app.scheduler.agreed_clock import AgreedClock
from app.scheduler.system_clock import SystemClock

AHEAD = timedelta(hours=1)


class Database:
    """Answers with its own time, an hour ahead of the machine's; the first answers are slow."""

    def __init__(self, *delays_seconds: float) -> None:
        self.delays_seconds = list(delays_seconds)

    async def time(self) -> datetime:
        await asyncio.sleep(self.delays_seconds.pop(0) if self.delays_seconds else 0)
        return datetime.now(UTC) + AHEAD


async def test_it_is_the_machine_s_until_it_has_asked() -> None:
    assert abs(AgreedClock().now() - SystemClock().now()) < timedelta(seconds=1)


async def test_it_goes_on_from_the_time_it_was_told() -> None:
    clock = AgreedClock()
    await clock.agree(Database().time)
    await asyncio.sleep(0.1)
    assert abs(clock.now() - datetime.now(UTC) - AHEAD) < timedelta(seconds=0.05)
    assert 59 < clock.seconds_until(clock.now() + timedelta(minutes=1)) <= 60


async def test_the_quickest_answer_counts() -> None:
    clock = AgreedClock()
    await clock.agree(Database(0.4, 0.0, 0.4).time)
    assert abs(clock.now() - datetime.now(UTC) - AHEAD) < timedelta(seconds=0.1)


async def test_a_database_that_does_not_answer_changes_nothing() -> None:
    async def fail() -> datetime:
        raise ConnectionError

    clock = AgreedClock()
    await clock.agree(Database().time)
    await asyncio.gather(clock.agree(fail), return_exceptions=True)
    assert abs(clock.now() - datetime.now(UTC) - AHEAD) < timedelta(seconds=0.1)
