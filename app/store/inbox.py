"""The inbox: every Slack event once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from app.domain.inbox import InboxEvent
from app.store.query import Questions


class InboxQuestions(Questions):
    """The received events of all workspaces."""

    async def add_new(self, events: Sequence[InboxEvent]) -> Sequence[InboxEvent]:
        # In one order everywhere, so that two replicas given the same events never wait for each other.
        ordered = sorted(events, key=lambda event: event.fingerprint)
        rows = [event.model_dump(exclude={"id"}) for event in ordered]
        new = self._insert(InboxEvent).on_conflict_do_nothing().returning(InboxEvent)
        inserted = (await self._session.scalars(new, rows)).all() if rows else []
        stored = {(event.team, event.event_id): event for event in inserted}
        given = dict.fromkeys((event.team, event.event_id) for event in events)
        return [stored[name] for name in given if name in stored]

    async def unapplied(self, *, limit: int = 100) -> Sequence[InboxEvent]:
        waiting = select(InboxEvent).where(col(InboxEvent.applied_at).is_(None))
        return await self._all(waiting.order_by(col(InboxEvent.id)).limit(limit))

    async def forget(self, before: datetime) -> None:
        old = delete(InboxEvent).where(col(InboxEvent.received_at) < before, col(InboxEvent.applied_at).is_not(None))
        await self._run(old)
