"""The ticker: looks for due work every second, and precisely when the next piece of it falls due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

from app.ports.clock import Clock

log = structlog.get_logger(__name__)

Work = Callable[[], Coroutine[Any, Any, object]]

_TICK = "tick"
_WAKE_UP = "wake_up"
_MOST_PASSES = 4


class Ticker:
    """Calls `run_due` when work falls due, in this process; every replica has its own.

    A pass may be slow (it waits for Slack), so up to four run side by side: work that falls due meanwhile starts at
    once. Which pass does which work is decided by the claim in the store, never here.
    """

    def __init__(
        self,
        run_due: Work,
        next_due_at: Callable[[], Coroutine[Any, Any, datetime | None]],
        clock: Clock,
        *,
        interval_seconds: float = 1.0,
    ) -> None:
        self._run_due = run_due
        self._next_due_at = next_due_at
        self._clock = clock
        self._interval_seconds = interval_seconds
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )
        self._passes: set[asyncio.Task[object]] = set()
        self._chores: set[asyncio.Task[object]] = set()
        self._failing: dict[str, type[BaseException]] = {}
        self._asked_again = False
        self._ticked_at: float | None = None
        self._wakes_at: datetime | None = None
        self._stopping = False

    @property
    def seconds_since_tick(self) -> float | None:
        """Seconds since the last tick; None before the first."""
        return None if self._ticked_at is None else time.monotonic() - self._ticked_at

    def start(self) -> None:
        """Begin to tick, the first time at once."""
        self._scheduler.add_job(self._tick, "interval", seconds=self._interval_seconds, id=_TICK)
        self._scheduler.start()
        self._ticked_at = time.monotonic()
        self._start_pass()

    def every(self, seconds: float, name: str, chore: Work, *, at_once: bool = False) -> None:
        """Call `chore` every so many seconds, never twice at a time; what it raises is logged, and it goes on.

        The first time is after that many seconds, or with `at_once` when the ticker starts.
        """

        async def run() -> None:
            if all(task.get_name() != name for task in self._chores):
                self._spawn(chore, name, self._chores)

        first = {"next_run_time": datetime.now(UTC)} if at_once else {}
        self._scheduler.add_job(run, "interval", seconds=seconds, id=f"chore:{name}", **first)

    def wake(self, at: datetime) -> None:
        """Look for due work at `at`: at once if it has passed, else precisely then. Does nothing unless started."""
        if not self._scheduler.running or self._stopping:
            return
        seconds = self._clock.seconds_until(at)
        if seconds <= 0:
            self._start_pass()
        elif seconds <= self._interval_seconds:
            self._wake_up_after(seconds)

    async def stop(self, *, patience_seconds: float = 8.0) -> None:
        """Stop ticking; passes and chores get `patience_seconds` to finish, then they are cancelled."""
        # The scheduler ends some turns of the loop later, and may call once more until then.
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        under_way = self._passes | self._chores
        if not under_way:
            return
        _, late = await asyncio.wait(under_way, timeout=patience_seconds)
        for task in late:
            task.cancel()
        if late:
            log.warning("work_handed_over", tasks=len(late))
            await asyncio.wait(late, timeout=1.0)

    async def _tick(self) -> None:
        self._ticked_at = time.monotonic()
        self._start_pass()

    async def _wake_up(self) -> None:
        self._wakes_at = None
        self._start_pass()

    def _wake_up_after(self, seconds: float) -> None:
        at = datetime.now(UTC) + timedelta(seconds=max(seconds, 0.005))
        if self._wakes_at is not None and self._wakes_at <= at:
            return
        self._wakes_at = at
        self._scheduler.add_job(self._wake_up, "date", run_date=at, id=_WAKE_UP, replace_existing=True)

    def _start_pass(self) -> None:
        if self._stopping:
            return
        if len(self._passes) >= _MOST_PASSES:
            self._asked_again = True
            return
        self._spawn(self._pass, "run_due", self._passes).add_done_callback(self._pass_ended)

    def _pass_ended(self, _task: asyncio.Task[object]) -> None:
        if self._asked_again and self._scheduler.running:
            self._asked_again = False
            self._start_pass()

    async def _pass(self) -> None:
        await self._run_due()
        next_due_at = await self._next_due_at()
        if next_due_at is not None and self._clock.seconds_until(next_due_at) > 0:
            self.wake(next_due_at)

    def _spawn(self, work: Work, name: str, among: set[asyncio.Task[object]]) -> asyncio.Task[object]:
        def ended(task: asyncio.Task[object]) -> None:
            among.discard(task)
            if not task.cancelled():
                self._tell(name, task.exception())

        task = asyncio.get_running_loop().create_task(work(), name=name, context=Context())
        among.add(task)
        task.add_done_callback(ended)
        return task

    def _tell(self, name: str, error: BaseException | None) -> None:
        """Log how work ended: a failure whole, then a line each time for as long as it goes on."""
        before = self._failing.pop(name, None)
        if error is None:
            if before is not None:
                log.info("scheduled_work_goes_again", work=name)
            return
        self._failing[name] = type(error)
        if before is type(error):
            log.warning("scheduled_work_still_fails", work=name, error=type(error).__name__)
        else:
            log.error("scheduled_work_failed", work=name, exc_info=error)
