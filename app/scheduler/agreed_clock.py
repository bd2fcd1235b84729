"""A clock that all replicas agree on: the database's."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from app.ports.clock import Clock
from app.scheduler.system_clock import SystemClock

log = structlog.get_logger(__name__)

ASKED_TIMES = 3
WORTH_TELLING = timedelta(seconds=1)


class AgreedClock:
    """The machine's time until `agree` was called once, from then on the time it was told plus what has passed since.

    Machines' clocks are seconds apart; then one replica would fire before another's due time has come. What the clock
    is wrong by is at most half the time that the quickest answer took, and how far the machine drifts until it asks
    again.
    """

    def __init__(self, machine: Clock | None = None) -> None:
        self._machine = machine or SystemClock()
        self._told: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """The present instant, aware and UTC."""
        if self._told is None:
            return self._machine.now()
        at, counter = self._told
        return at + timedelta(seconds=time.monotonic() - counter)

    def seconds_until(self, at: datetime) -> float:
        """Seconds to wait until `at`; 0 or less when it has passed."""
        return (at - self.now()).total_seconds()

    async def agree(self, ask: Callable[[], Awaitable[datetime]]) -> None:
        """Take over the time that `ask` tells; what it raises changes nothing."""
        quickest: tuple[float, datetime, float] | None = None
        for _ in range(ASKED_TIMES):
            began = time.monotonic()
            told = (await ask()).astimezone(UTC)
            took = time.monotonic() - began
            if quickest is None or took < quickest[0]:
                quickest = (took, told, began + took / 2)
        if quickest is None:
            return
        if self._told is None and abs(self._machine.now() - quickest[1]) > WORTH_TELLING:
            apart = (self._machine.now() - quickest[1]).total_seconds()
            log.warning("machine_clock_differs", seconds_ahead_of_database=round(apart, 3))
        self._told = quickest[1:]
