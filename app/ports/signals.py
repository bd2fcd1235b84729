"""Signals, as use cases ask the store for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.signal import Signal


class Signals(Protocol):
    async def by_external_id(self, team: str, source: str, external_id: str) -> Signal | None: ...

    async def between(self, team: str, start: datetime, end: datetime, *, limit: int = 200) -> Sequence[Signal]:
        """The signals of that time, the newest first."""
        ...
