"""Time, as the product sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Now, and how long to wait for a later instant. The demo's clock runs faster than the wall's."""

    def now(self) -> datetime:
        """The present instant, aware and UTC."""
        ...

    def seconds_until(self, at: datetime) -> float:
        """Real seconds to wait until `at`; 0 or less when it has passed."""
        ...
