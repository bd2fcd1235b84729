"""Questions about the timeline and about what isn't known yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, literal_column, true
from sqlmodel import SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.timeline import EntryRevision, Mark, Origin, TimelineEntry, Unknown
from app.store.query import Questions
from app.store.unnested import as_arrays, insert_of_arrays

_ENTRIES = SQLModel.metadata.tables["timeline_entry"]
_NAME = (_ENTRIES.c.incident_id, _ENTRIES.c.ts)
# Put together once: that takes longer than carrying them out.
_OF_A_PLAIN_MESSAGE = {
    "origin": literal_column(f"'{Origin.MESSAGE}'"),
    "mark": literal_column(f"'{Mark.NOTE}'"),
    "files": literal_column("'[]'"),
    "reactions": literal_column("'{}'"),
    "facts": literal_column("'{}'"),
    "seen": true(),
}
_PUT_NEW = insert(_ENTRIES).values(_OF_A_PLAIN_MESSAGE).prefix_with("OR IGNORE")
_COLUMNS = (
    *("team", "incident_id", "at", "author", "author_is_bot", "text"),
    *("permalink", "channel_id", "ts", "thread_ts"),
)
_PUT_UNLESS_THERE = insert_of_arrays(_ENTRIES, _COLUMNS, _OF_A_PLAIN_MESSAGE).on_conflict_do_nothing().returning(*_NAME)


class TimelineQuestions(Questions):
    """The timeline of one incident."""

    async def by_ts(self, incident_id: int, ts: str) -> TimelineEntry | None:
        return await self._first(
            select(TimelineEntry).where(TimelineEntry.incident_id == incident_id, TimelineEntry.ts == ts)
        )

    async def by_all_ts(
        self, incident_ids: Collection[int], stamps: Collection[str]
    ) -> Mapping[tuple[int, str], TimelineEntry]:
        if not stamps:
            return {}
        entries = select(TimelineEntry).where(
            col(TimelineEntry.incident_id).in_(incident_ids), col(TimelineEntry.ts).in_(stamps)
        )
        return {(entry.incident_id, entry.ts): entry for entry in await self._all(entries) if entry.ts is not None}

    async def put_new(self, rows: Sequence[Mapping[str, Any]]) -> Collection[tuple[int, str]]:
        if not rows:
            return set()
        # In one order everywhere, so that two replicas given the same messages never wait for each other.
        ordered = sorted(rows, key=_message)
        if self._session.get_bind().dialect.name == "postgresql":
            names = await self._session.execute(_PUT_UNLESS_THERE, as_arrays(ordered, _COLUMNS))
            return {_message(row) for row in ordered} - {(incident_id, ts) for incident_id, ts in names}
        put: Any = await self._session.execute(_PUT_NEW, ordered)
        # SQLite tells how many are new; which they are it would tell row by row. Nearly always they all are.
        return set() if put.rowcount == len(ordered) else {_message(row) for row in ordered}

    async def replies(self, incident_id: int, thread_ts: str) -> Sequence[TimelineEntry]:
        replies = select(TimelineEntry).where(
            TimelineEntry.incident_id == incident_id, TimelineEntry.thread_ts == thread_ts
        )
        return await self._all(replies.order_by(col(TimelineEntry.at), col(TimelineEntry.id)))

    async def entries(self, incident_id: int, *, until: datetime | None = None) -> Sequence[TimelineEntry]:
        entries = select(TimelineEntry).where(TimelineEntry.incident_id == incident_id)
        if until is not None:
            entries = entries.where(TimelineEntry.at <= until)
        return await self._all(entries.order_by(col(TimelineEntry.at), col(TimelineEntry.id)))

    async def layered(self, incident_id: int) -> Sequence[TimelineEntry]:
        entries = select(TimelineEntry).where(
            TimelineEntry.incident_id == incident_id, col(TimelineEntry.layer).is_not(None)
        )
        return await self._all(entries.order_by(col(TimelineEntry.at), col(TimelineEntry.id)))

    async def revisions(self, incident_id: int) -> Sequence[EntryRevision]:
        revisions = select(EntryRevision).where(EntryRevision.incident_id == incident_id)
        return await self._all(revisions.order_by(col(EntryRevision.at), col(EntryRevision.id)))

    async def last_message_ts(self, incident_id: int) -> str | None:
        # A placeholder's message has not arrived, so it can't be where reading goes on.
        stored: SelectOfScalar[str | None] = select(col(TimelineEntry.ts)).where(
            TimelineEntry.incident_id == incident_id, col(TimelineEntry.ts).is_not(None), col(TimelineEntry.seen)
        )
        return await self._first(stored.order_by(col(TimelineEntry.ts).desc()))

    async def permalinks(self, ids: Collection[int]) -> Mapping[int, str]:
        linked = select(TimelineEntry.id, TimelineEntry.permalink).where(
            col(TimelineEntry.id).in_(ids), col(TimelineEntry.permalink).is_not(None)
        )
        return dict((await self._run(linked)).all())


def _message(row: Mapping[str, Any]) -> tuple[int, str]:
    return row["incident_id"], row["ts"]


class UnknownQuestions(Questions):
    """What one incident doesn't know, by number."""

    async def all(self, incident_id: int) -> Sequence[Unknown]:
        return await self._all(select(Unknown).where(Unknown.incident_id == incident_id).order_by(col(Unknown.number)))

    async def by_number(self, incident_id: int, number: int) -> Unknown | None:
        if not 0 < number < 2**31:
            return None
        return await self._first(select(Unknown).where(Unknown.incident_id == incident_id, Unknown.number == number))

    async def by_entry(self, entry_id: int) -> Unknown | None:
        return await self._first(select(Unknown).where(Unknown.entry_id == entry_id).order_by(col(Unknown.id)))
