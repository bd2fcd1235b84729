"""The wall clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Time as the machine has it."""

    def now(self) -> datetime:
        """The present instant, aware and UTC."""
        return datetime.now(UTC)

    def seconds_until(self, at: datetime) -> float:
        """Seconds to wait until `at`; 0 or less when it has passed."""
        return (at - self.now()).total_seconds()
