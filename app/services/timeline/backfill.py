"""Backfill: reads the channel as it stands and puts right what was missed, edited or deleted meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from app.domain.channel_event import ChannelEvent, Deleted, Edited, Reacted, Said
from app.domain.columns import instant
from app.domain.incident import Incident
from app.domain.job import Job, Urgency
from app.domain.message_facts import storable, ts_of, ts_order
from app.domain.timeline import Origin, TimelineEntry
from app.ports.chat import Chat
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of
from app.services.jobs.owed import backfill_lock
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step
from app.services.room.people import Acquaintance
from app.services.timeline.recording import apply_all

log = structlog.get_logger(__name__)

CHANNEL = "backfill.channel"
# What was said within this time may not be in the history yet: its absence says nothing.
SETTLING = timedelta(minutes=1)
BATCH = 200
# People go on talking in the channel of a resolved incident; older ones have fallen silent.
RESOLVED_READ = 50


async def owe_backfill(uow: UnitOfWork, incident: Incident, now: datetime) -> bool:
    """Owe a reading of the incident's channel; False when one is owed already."""
    return await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=CHANNEL,
            key=f"{incident.key}:{CHANNEL}",
            lock=backfill_lock(incident),
            urgency=Urgency.LATER,
            payload={"owed_at": instant(now)},
            due_at=now,
        )
    )


@dataclass(frozen=True)
class Backfill:
    """Reading channels again, on start and from time to time.

    `many`: workspaces install the app themselves, and those that it has left are passed over.
    """

    store: Store
    clock: Clock
    many: bool = False

    async def all(self) -> int:
        """Owe a reading of every open and every lately resolved incident's channel; how many there are."""
        now = self.clock.now()
        async with self.store.write() as uow:
            left = await uow.installations.ended() if self.many else frozenset()
            alive = await uow.incidents.with_channel(open_only=True)
            resolved = await uow.incidents.resolved_with_channel(limit=RESOLVED_READ)
            incidents = [one for one in (*alive, *resolved) if one.team not in left]
            for incident in incidents:
                await owe_backfill(uow, incident, now)
        return len(incidents)

    async def one(self, team: str, channel: str) -> None:
        """Owe a reading of the channel, where it is that of an incident."""
        async with self.store.write() as uow:
            incident = await uow.incidents.by_channel(team, channel)
            if incident is not None:
                await owe_backfill(uow, incident, self.clock.now())


@dataclass(frozen=True)
class BackfillChannel(Step):
    """Handler of `backfill.channel`. What it finds is applied like events: finding it twice changes nothing."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. The channel is read whole: edits and deletions concern old messages too."""
        incident = await self.incident(job)
        if incident is None or incident.channel_id is None:
            return nothing_more
        read_at = self.clock.now()
        # Before the history: what is said while it is read must not look as if it had been deleted.
        stored = await self._stored(incident)
        chat = await self.chats.of(job.team)
        found = [said async for said in chat.history(incident.channel_id, since_ts="0")]
        events = [*_differences(found, stored, read_at), *_gone(found, stored, read_at)]
        for start in range(0, len(events), BATCH):
            await self._apply(incident, chat, events[start : start + BATCH])
        return nothing_more

    async def _stored(self, incident: Incident) -> Mapping[str, TimelineEntry]:
        async with self.store.read() as uow:
            entries = await uow.timeline.entries(id_of(incident))
        return {entry.ts: entry for entry in entries if entry.ts is not None and entry.origin is Origin.MESSAGE}

    async def _apply(self, incident: Incident, chat: Chat, events: Sequence[ChannelEvent]) -> None:
        links = {
            (event.channel, event.ts): await chat.permalink(event.channel, event.ts, event.thread_ts)
            for event in events
            if isinstance(event, Said)
        }
        async with self.store.write() as uow:
            locked = await uow.incidents.locked(id_of(incident))
            refused = await apply_all(uow, locked, events, links)
            await Acquaintance().meet(uow, events, self.clock.now())
        for error in refused.values():
            log.warning("message_not_applied", incident=incident.key, error=type(error).__name__)


def _differences(found: Sequence[Said], stored: Mapping[str, TimelineEntry], read_at: datetime) -> list[ChannelEvent]:
    """What the history tells beyond what is stored, as events of the time of reading where Slack gives no other."""
    events: list[ChannelEvent] = []
    for said in found:
        entry = stored.get(said.ts)
        if entry is None or not entry.seen:
            events.append(said)
            continue
        events.extend(_changes(said, entry, read_at))
    return events


def _changes(said: Said, entry: TimelineEntry, read_at: datetime) -> list[ChannelEvent]:
    changes: list[ChannelEvent] = []
    newer = said.edited_ts is not None and ts_order(said.edited_ts) > ts_order(entry.edited_ts or entry.ts or "0")
    if storable(said.text) != entry.text and not newer:
        # Changed without a sign of it, as apps may: it was noticed now.
        changes.append(_noticed_edit(said, read_at))
    elif newer or entry.permalink is None or any(file not in entry.files for file in said.files):
        changes.append(replace(said, reactions={}))
    changes.extend(_reaction_changes(said, entry, read_at))
    return changes


def _noticed_edit(said: Said, read_at: datetime) -> Edited:
    return Edited(
        said.team,
        said.channel,
        said.ts,
        ts_of(read_at),
        said.author,
        said.text,
        author_is_bot=said.author_is_bot,
        thread_ts=said.thread_ts,
        files=said.files,
    )


def _reaction_changes(said: Said, entry: TimelineEntry, read_at: datetime) -> list[ChannelEvent]:
    now = {(name, user) for name, users in said.reactions.items() for user in users}
    before = {(name, user) for name, users in entry.reactions.items() for user in users}
    return [
        Reacted(said.team, said.channel, said.ts, ts_of(read_at), user, name, removed=(name, user) in before)
        for name, user in sorted(now ^ before)
    ]


def _gone(found: Sequence[Said], stored: Mapping[str, TimelineEntry], read_at: datetime) -> list[ChannelEvent]:
    """Stored messages that the history no longer has: deleted some time before it was read.

    A thread may go unread when its first message is gone, so nothing is concluded about its replies then.
    """
    there = {said.ts for said in found}
    return [
        Deleted(entry.team, entry.channel_id or "", ts, ts_of(read_at), entry.text, entry.author)
        for ts, entry in stored.items()
        if ts not in there
        and (entry.thread_ts is None or entry.thread_ts in there)
        and entry.seen
        and entry.deleted_at is None
        and entry.at < read_at - SETTLING
    ]
