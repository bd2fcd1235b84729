"""Signals that other systems send: each is kept once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import Conflict
from app.domain.signal import Signal
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.signal_events import SignalEvent


@dataclass(frozen=True)
class Kept:
    """The signals' ids, in the order in which they were sent; `new` is how many were not there before."""

    ids: Sequence[int]
    new: int


@dataclass(frozen=True)
class Signals:
    """Keeps signals."""

    store: Store
    clock: Clock

    async def keep(self, team: str, source: str, events: Sequence[SignalEvent]) -> Kept:
        """Keep the signals of a sender; one that was sent before is kept once."""
        ids, new = [], 0
        async with self.store.write() as uow:
            for event in events:
                known = await uow.signals.by_external_id(team, source, event.external_id)
                signal = known or await self._add(uow, team, source, event)
                new += known is None
                ids.append(signal.id or 0)
        return Kept(ids, new)

    async def _add(self, uow: UnitOfWork, team: str, source: str, event: SignalEvent) -> Signal:
        now = self.clock.now()
        signal = Signal(
            team=team,
            source=source,
            external_id=event.external_id,
            kind=event.kind,
            title=event.title,
            text=event.text,
            system=event.system,
            url=event.url,
            at=event.at or now,
            received_at=now,
        )
        try:
            async with uow.nested():
                await uow.add(signal)
        except Conflict:
            # Sent twice at once: the other one was faster.
            found = await uow.signals.by_external_id(team, source, event.external_id)
            if found is None:
                raise
            return found
        return signal
