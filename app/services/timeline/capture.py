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
from app.ports.chat import ChatError, Chats
from app.ports.clock import Clock
from app.ports.observer import UNWATCHED, Observer
from app.ports.store import Store, UnitOfWork
from app.services.room.people import Acquaintance
from app.services.timeline.known_rooms import KnownRooms, Room, Rooms
from app.services.timeline.plain_messages import is_plain
from app.services.timeline.recording import POISON, Links, apply_in, put_plain

log = structlog.get_logger(__name__)

Parse = Callable[[Mapping[str, Any]], ChannelEvent | None]
"""What an event as received says in the product's words; None for what says nothing about a channel's messages."""
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
    _rooms: KnownRooms = field(default_factory=KnownRooms)

    async def submit(self, received: Received) -> None:
        """Return once the event is stored; whatever arrives meanwhile shares the next commit.

        Raises what the store raises: the event is not stored then, and has to be delivered again.
        """
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
        events = list({_name(one): one for one in events}.values())
        links = await self._permalinks(events)
        async with self.store.write() as uow:
            outcomes = await self._taken_in(uow, events, links)
            await self._known.meet(uow, [events[at].event for at in outcomes], self.clock.now())
        now = self.clock.now()
        for at, error in outcomes.items():
            if error is None:
                self.observer.captured((now - happened_at(events[at].event)).total_seconds())

    async def reapply(self) -> int:
        """Try again what was stored but could not be applied; how many now could."""
        async with self.store.write() as uow:
            rows = await uow.inbox.unapplied()
            parsed = [(row, event) for row in rows if (event := self._parsed(row)) is not None]
            rooms = await _rooms(uow, [event for _, event in parsed])
            refused = await _applied(uow, rooms, [(row.event_id, event) for row, event in parsed], {})
            for at, (row, _) in enumerate(parsed):
                error = refused.get(at)
                row.applied_at, row.error = (self.clock.now(), "") if error is None else (None, _told(error))
            return sum(row.applied_at is not None for row in rows)

    async def _taken_in(
        self, uow: UnitOfWork, events: Sequence[Received], links: Links
    ) -> Mapping[int, Exception | None]:
        """By position, for those of incidents' channels: None, or why the event could not be understood."""
        quick = self._quick(events)
        others = [at for at in range(len(events)) if at not in quick]
        rooms = await self._looked_up(uow, [events[at] for at in others])
        places = list(quick)
        left = await put_plain(uow, [(quick[at], events[at].event) for at in places], links)
        again = [places[position] for position in left]
        rooms |= await self._looked_up(uow, [events[at] for at in again])
        slow = [at for at in (*others, *again) if _room(events[at].event) in rooms]
        # One that was stored before changes nothing, so nobody has to ask first.
        refused = await _applied(uow, rooms, [(events[at].event_id, events[at].event) for at in slow], links)
        settled = {at: refused.get(position) for position, at in enumerate(slow)}
        # Those that were quick need no row here: the entry of a message is proof of it, and there is only one.
        await uow.inbox.add_new([self._row(events[at], error) for at, error in settled.items()])
        return settled | dict.fromkeys(quick.keys() - set(again))

    def _quick(self, events: Sequence[Received]) -> Mapping[int, int]:
        """Those messages that need no look at what is stored, by position, with the ids of their incidents."""
        ids = {at: self._rooms.incident_id(_room(one.event)) for at, one in enumerate(events) if is_plain(one.event)}
        return {at: incident_id for at, incident_id in ids.items() if incident_id is not None}

    async def _looked_up(self, uow: UnitOfWork, events: Sequence[Received]) -> dict[Room, Incident]:
        rooms = await _rooms(uow, [one.event for one in events])
        self._rooms.remember(rooms)
        return rooms

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
            error = await self._tried(self.take([received for received, _ in batch]))
            if error is None:
                for _, stored in batch:
                    _settle(stored, None)
                continue
            # It may be that an incident is no more.
            self._rooms.forget()
            # One event that can't be stored must not keep its neighbours from being stored.
            for received, stored in batch:
                error = await self._tried(self.take([received]))
                if isinstance(error, POISON):
                    error = await self._tried(self._keep_unapplied(received, error))
                _settle(stored, error)

    async def _keep_unapplied(self, received: Received, error: BaseException) -> None:
        """Keep an event whose understanding broke something, to be tried again by a later version."""
        async with self.store.write() as uow:
            await uow.inbox.add_new([self._row(received, error)])

    async def _tried(self, deed: Awaitable[None]) -> BaseException | None:
        """What went wrong, for those who wait for the events; None when they are stored."""
        (error,) = await asyncio.gather(deed, return_exceptions=True)
        if error is not None:
            log.warning("events_not_stored", error=type(error).__name__)
        return error

    def _row(self, received: Received, error: BaseException | None) -> InboxEvent:
        """The event as it is stored. What one that was applied tells is on the timeline, so its body isn't kept too."""
        now = self.clock.now()
        return InboxEvent(
            team=received.team,
            event_id=received.event_id,
            fingerprint=received.fingerprint,
            body={} if error is None else received.body,
            received_at=now,
            applied_at=now if error is None else None,
            error="" if error is None else _told(error),
        )

    def _parsed(self, row: InboxEvent) -> ChannelEvent | None:
        try:
            event = self.parse(row.body)
        except POISON as error:
            row.error = _told(error)
            return None
        if event is None:
            row.applied_at = self.clock.now()
        return event

    async def _permalinks(self, events: Sequence[Received]) -> Links:
        """Addresses of the messages; one that can't be told now is filled in by the next backfill."""
        links: dict[tuple[str, str], str] = {}
        for one in (received.event for received in events):
            if self.chats is None:
                break
            try:
                chat = await self.chats.of(one.team)
                thread_ts = getattr(one, "thread_ts", None)
                thread_ts = thread_ts if thread_ts != one.ts else None
                links[one.channel, one.ts] = await chat.permalink(one.channel, one.ts, thread_ts)
            except ChatError as error:
                log.info("permalink_unknown", code=error.code)
                break
        return links


async def _rooms(uow: UnitOfWork, events: Sequence[ChannelEvent]) -> dict[Room, Incident]:
    """The incidents of the channels, each locked, always in one order, so that no two writers wait for each other."""
    # The store locks those of one workspace in the order of their ids.
    channels: dict[str, set[str]] = {}
    for event in events:
        channels.setdefault(event.team, set()).add(event.channel)
    found: dict[Room, Incident] = {}
    for team in sorted(channels):
        incidents = await uow.incidents.by_channels(team, channels[team])
        found.update({(team, channel): incident for channel, incident in incidents.items()})
    return found


async def _applied(
    uow: UnitOfWork, rooms: Rooms, events: Sequence[tuple[str, ChannelEvent]], links: Links
) -> Mapping[int, Exception]:
    """Put the events, given with their ids, on their timelines; by position, why one could not be understood."""
    here = [(at, rooms[_room(event)]) for at, (_, event) in enumerate(events) if _room(event) in rooms]
    refused = await apply_in(uow, [(incident, events[at][1]) for at, incident in here], links)
    for place, error in refused.items():
        at, incident = here[place]
        log.warning(
            "event_not_applied",
            team=incident.team,
            incident=incident.key,
            event_id=events[at][0],
            error=type(error).__name__,
        )
    return {here[place][0]: error for place, error in refused.items()}


def _room(event: ChannelEvent) -> Room:
    return event.team, event.channel


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _name(received: Received) -> tuple[str, str]:
    return received.team, received.event_id


def _settle(stored: asyncio.Future[None], error: BaseException | None) -> None:
    if stored.done():
        return
    if error is None:
        stored.set_result(None)
    else:
        stored.set_exception(error)
