"""Questions about signals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from app.domain.signal import Signal
from app.store.query import Questions


class SignalQuestions(Questions):
    """What other systems reported to a workspace."""

    async def by_external_id(self, team: str, source: str, external_id: str) -> Signal | None:
        wanted = select(Signal).where(Signal.team == team, Signal.source == source, Signal.external_id == external_id)
        return await self._first(wanted)

    async def between(self, team: str, start: datetime, end: datetime, *, limit: int = 200) -> Sequence[Signal]:
        wanted = select(Signal).where(Signal.team == team, col(Signal.at) >= start, col(Signal.at) <= end)
        return await self._all(wanted.order_by(col(Signal.at).desc(), col(Signal.id).desc()).limit(limit))
