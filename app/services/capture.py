"""Capture: every event of an incident channel, stored once and put on the timeline, before Slack is told "received"."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

import structlog

from app.domain.channel_event import ChannelEvent
from app.domain.inbox import InboxEvent
from app.domain.incident import Incident
from app.domain.message_facts import happened_at
from app.journal import also_about
from app.ports.chat import ChatError, Chats
from app.ports.clock import Clock
from app.ports.observer import UNWATCHED, Observer
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of
from app.services.people import Acquaintance
from app.services.recording import POISON, apply_all

log = structlog.get_logger(__name__)

Parse = Callable[[Mapping[str, Any]], ChannelEvent | None]
"""What an event as received says in the product's words; None for what says nothing about a channel's messages."""
Rooms = Mapping[tuple[str, str], Incident]
BATCH_MAX = 200


@dataclass(frozen=True)
class Received:
    """One event as it came in. `fingerprint`: team, channel, type and event time, the same under every `event_id`."""

    team: str
    event_id: str
    fingerprint: str
    body: dict[str, Any]
    event: ChannelEvent


@dataclass
class Capture:
    """Stores and applies events. `chats` gives messages their permalinks; None leaves them without."""

    store: Store
    clock: Clock
    parse: Parse
    chats: Chats | None = None
    observer: Observer = UNWATCHED
    _waiting: list[tuple[Received, asyncio.Future[None]]] = field(default_factory=list)
    _writer: asyncio.Task[None] | None = None
    _known: Acquaintance = field(default_factory=Acquaintance)

    async def submit(self, received: Received) -> None:
        """Return once the event is stored; whatever arrives meanwhile shares the next commit.

        Raises what the store raises: the event is not stored then, and has to be delivered again.
        """
        also_about(team=received.team, event_id=received.event_id)
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((received, stored))
        if self._writer is None or self._writer.done():
            # In a context of its own: what it logs is about whatever waits, not about this one event.
            writing = self._write_waiting()
            self._writer = asyncio.create_task(writing, name="capture-writer", context=Context())
        await stored

    async def close(self) -> None:
        """Return once everything submitted has been written."""
        if self._writer is not None:
            await self._writer

    async def take(self, events: Sequence[Received]) -> None:
        """Store and apply the events in one transaction, except those stored before or of no incident's channel.

        An event that can't be applied is kept with its error, and the others go on.
        """
        links = await self._permalinks(events)
        async with self.store.write() as uow:
            rooms = await _rooms(uow, [received.event for received in events])
            wanted = {_name(one): one for one in events if _room(one.event) in rooms}
            rows = await uow.inbox.add_new([self._row(one) for one in wanted.values()])
            fresh = [(row, wanted[row.team, row.event_id].event) for row in rows]
            await self._apply(uow, fresh, rooms, links)
            await self._known.meet(uow, [event for _, event in fresh], self.clock.now())
        now = self.clock.now()
        for row, event in fresh:
            if not row.error:
                self.observer.captured((now - happened_at(event)).total_seconds())

    async def reapply(self) -> int:
        """Try again what was stored but could not be applied; how many now could."""
        async with self.store.write() as uow:
            rows = await uow.inbox.unapplied()
            parsed = [(row, event) for row in rows if (event := self._parsed(row)) is not None]
            for row, _ in parsed:
                row.applied_at, row.error = self.clock.now(), ""
            await self._apply(uow, parsed, await _rooms(uow, [event for _, event in parsed]), {})
            return sum(row.applied_at is not None for row in rows)

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
            error = await self._tried(self.take([received for received, _ in batch]))
            if error is None:
                for _, stored in batch:
                    _settle(stored, None)
                continue
            # One event that can't be stored must not keep its neighbours from being stored.
            for received, stored in batch:
                error = await self._tried(self.take([received]))
                if isinstance(error, POISON):
                    error = await self._tried(self._keep_unapplied(received, error))
                _settle(stored, error)

    async def _keep_unapplied(self, received: Received, error: BaseException) -> None:
        """Keep an event whose understanding broke something, to be tried again by a later version."""
        row = self._row(received)
        row.applied_at, row.error = None, f"{type(error).__name__}: {error}"
        async with self.store.write() as uow:
            await uow.inbox.add_new([row])

    async def _tried(self, deed: Awaitable[None]) -> BaseException | None:
        """What went wrong, for those who wait for the events; None when they are stored."""
        (error,) = await asyncio.gather(deed, return_exceptions=True)
        if error is not None:
            log.warning("events_not_stored", error=type(error).__name__)
        return error

    async def _apply(
        self, uow: UnitOfWork, fresh: Sequence[tuple[InboxEvent, ChannelEvent]], rooms: Rooms, links: Mapping[str, str]
    ) -> None:
        """Put the events on their timelines; a row whose event can't be understood keeps the reason instead."""
        for room, incident in rooms.items():
            here = [(row, event) for row, event in fresh if _room(event) == room]
            refused = await apply_all(uow, incident, [event for _, event in here], links)
            for position, error in refused.items():
                row = here[position][0]
                row.applied_at, row.error = None, f"{type(error).__name__}: {error}"
                log.warning(
                    "event_not_applied",
                    team=row.team,
                    incident=incident.key,
                    event_id=row.event_id,
                    error=type(error).__name__,
                )

    def _row(self, received: Received) -> InboxEvent:
        return InboxEvent(
            team=received.team,
            event_id=received.event_id,
            fingerprint=received.fingerprint,
            body=received.body,
            received_at=self.clock.now(),
            applied_at=self.clock.now(),
        )

    def _parsed(self, row: InboxEvent) -> ChannelEvent | None:
        try:
            event = self.parse(row.body)
        except POISON as error:
            row.error = f"{type(error).__name__}: {error}"
            return None
        if event is None:
            row.applied_at = self.clock.now()
        return event

    async def _permalinks(self, events: Sequence[Received]) -> Mapping[str, str]:
        """Addresses of the messages, by ts; one that can't be told now is filled in by the next backfill."""
        links: dict[str, str] = {}
        for one in (received.event for received in events):
            if self.chats is None:
                break
            try:
                chat = await self.chats.of(one.team)
                thread_ts = getattr(one, "thread_ts", None)
                links[one.ts] = await chat.permalink(one.channel, one.ts, thread_ts if thread_ts != one.ts else None)
            except ChatError as error:
                log.info("permalink_unknown", code=error.code)
                break
        return links


async def _rooms(uow: UnitOfWork, events: Sequence[ChannelEvent]) -> Rooms:
    """The incidents of the channels, each locked, always in one order, so that no two writers wait for each other."""
    channels: dict[str, set[str]] = {}
    for event in events:
        channels.setdefault(event.team, set()).add(event.channel)
    found: list[tuple[int, str, str]] = []
    for team, wanted in channels.items():
        incidents = await uow.incidents.by_channels(team, wanted)
        found.extend((id_of(incident), team, channel) for channel, incident in incidents.items())
    return {(team, channel): await uow.incidents.locked(incident_id) for incident_id, team, channel in sorted(found)}


def _room(event: ChannelEvent) -> tuple[str, str]:
    return event.team, event.channel


def _name(received: Received) -> tuple[str, str]:
    return received.team, received.event_id


def _settle(stored: asyncio.Future[None], error: BaseException | None) -> None:
    if stored.done():
        return
    if error is None:
        stored.set_result(None)
    else:
        stored.set_exception(error)
