"""The inbox: every Slack event once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, literal_column
from sqlmodel import SQLModel, col, select

from app.domain.inbox import InboxEvent
from app.store.query import Questions
from app.store.unnested import as_arrays, insert_of_arrays

_EVENTS = SQLModel.metadata.tables["inbox_event"]
# Put together once: that takes longer than carrying them out.
_OF_AN_APPLIED_EVENT: dict[str, Any] = {"body": literal_column("'{}'"), "error": literal_column("''")}
_PUT = insert(_EVENTS).values(_OF_AN_APPLIED_EVENT).prefix_with("OR IGNORE")
_COLUMNS = ("team", "event_id", "fingerprint", "received_at", "applied_at")
_PUT_ON_POSTGRES = insert_of_arrays(_EVENTS, _COLUMNS, _OF_AN_APPLIED_EVENT).on_conflict_do_nothing()


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

    async def put_applied(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        # In one order everywhere, as above.
        ordered = sorted(rows, key=lambda row: str(row["fingerprint"]))
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(_PUT_ON_POSTGRES, as_arrays(ordered, _COLUMNS))
        else:
            await self._session.execute(_PUT, ordered)

    async def unapplied(self, *, limit: int = 100) -> Sequence[InboxEvent]:
        waiting = select(InboxEvent).where(col(InboxEvent.applied_at).is_(None))
        return await self._all(waiting.order_by(col(InboxEvent.id)).limit(limit))

    async def forget(self, before: datetime) -> None:
        old = delete(InboxEvent).where(col(InboxEvent.received_at) < before, col(InboxEvent.applied_at).is_not(None))
        await self._run(old)
