"""A clock that can be moved forwards, shared by the workspace and the product in the demo and in tests."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class MovedClock:
    """The wall clock plus however far it has been moved.

    `start_at`: the instant it shows now; None: the present.
    """

    def __init__(self, start_at: datetime | None = None) -> None:
        now = datetime.now(UTC)
        self._ahead = (start_at - now) if start_at is not None else timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def timestamp(self) -> float:
        """Unix seconds, as the workspace counts."""
        return self.now().timestamp()

    def monotonic(self) -> float:
        """Seconds that only grow, as fast as `now`."""
        return time.monotonic() + self._ahead.total_seconds()

    def seconds_until(self, at: datetime) -> float:
        return (at - self.now()).total_seconds()

    def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Move forwards. Raises ValueError for a negative move."""
        step = timedelta(minutes=minutes, seconds=seconds)
        if step < timedelta():
            raise ValueError("the clock only moves forwards")
        self._ahead += step
