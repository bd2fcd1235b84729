"""An incident with a channel in which people talk, for tests of what becomes of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.channel_event import ChannelEvent, Deleted, Edited, Reacted, Said
from app.domain.incident import Incident, Severity, Status, StatusChange
from app.domain.message_facts import ts_of
from app.domain.roles import Role, RoleHolding
from app.domain.timeline import TimelineEntry, Unknown
from app.ports.store import Store
from app.services.actor import Actor
from app.services.timeline.capture import Capture, Received

TEAM, CHANNEL = "T1", "C1"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANA = Actor(TEAM, "UANA", CHANNEL)
BEN = Actor(TEAM, "UBEN", CHANNEL)
CLEO = Actor(TEAM, "UCLEO", CHANNEL)


def ts(minutes: float) -> str:
    """Slack's timestamp that many minutes after the start."""
    return ts_of(START + timedelta(minutes=minutes))


@dataclass
class HandClock:
    """A clock that is moved by hand."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def seconds_until(self, at: datetime) -> float:
        return (at - self.at).total_seconds()

    def move(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


async def declared(store: Store, **fields: Any) -> Incident:
    """An incident declared by Ana at the start, with its channel."""
    given: dict[str, Any] = {
        "severity": Severity.SEV1,
        "declared_at": START,
        "declared_by": ANA.user,
        "title": "The agent deletes orders",
        "channel_id": CHANNEL,
        "channel_name": "inc-1",
    }
    async with store.write() as uow:
        incident = Incident(team=TEAM, number=await uow.incidents.next_number(TEAM), **(given | fields))
        await uow.add(incident)
        assert incident.id is not None
        await uow.add(
            StatusChange(
                team=TEAM,
                incident_id=incident.id,
                status=Status.INVESTIGATING,
                severity=incident.severity,
                at=START,
                by=incident.declared_by,
                reason="Declared",
            )
        )
    return incident


async def holding(store: Store, incident: Incident, role: Role, actor: Actor, from_at: datetime = START) -> None:
    """The actor has the role from then on."""
    assert incident.id is not None
    async with store.write() as uow:
        await uow.add(
            RoleHolding(
                team=TEAM,
                incident_id=incident.id,
                role=role,
                user=actor.user,
                from_at=from_at,
                given_by=actor.user,
            )
        )


@dataclass
class Talk:
    """What happens in the channel, as capture receives it."""

    store: Store
    clock: HandClock = field(default_factory=HandClock)
    sent: int = 0

    def __post_init__(self) -> None:
        self.capture = Capture(self.store, self.clock, lambda body: None)

    def received(self, event: ChannelEvent, event_id: str | None = None) -> Received:
        self.sent += 1
        name = event_id or f"Ev{self.sent}"
        return Received(TEAM, name, f"{TEAM}:{CHANNEL}:{name}", {"n": self.sent}, event)

    async def take(self, *events: ChannelEvent) -> None:
        await self.capture.take([self.received(event) for event in events])

    async def entries(self, incident: Incident) -> Sequence[TimelineEntry]:
        assert incident.id is not None
        async with self.store.read() as uow:
            return await uow.timeline.entries(incident.id)

    async def entry(self, incident: Incident, at: str) -> TimelineEntry:
        assert incident.id is not None
        async with self.store.read() as uow:
            entry = await uow.timeline.by_ts(incident.id, at)
        assert entry is not None
        return entry

    async def unknowns(self, incident: Incident) -> Sequence[Unknown]:
        assert incident.id is not None
        async with self.store.read() as uow:
            return await uow.unknowns.all(incident.id)

    async def wordings(self, incident: Incident, at: str) -> list[tuple[str, str]]:
        """Earlier words of a message, each with the timestamp until which it stood."""
        entry = await self.entry(incident, at)
        async with self.store.read() as uow:
            revisions = await uow.timeline.revisions(entry.incident_id)
        return [(ts_of(one.at), one.text) for one in revisions if one.entry_id == entry.id]


def said(minutes: float, text: str, author: Actor = ANA, **fields: Any) -> Said:
    return Said(TEAM, CHANNEL, ts(minutes), author.user, text, **fields)


def edited(
    minutes: float, at: float, text: str, before: str | None = None, author: Actor = ANA, **fields: Any
) -> Edited:
    return Edited(TEAM, CHANNEL, ts(minutes), ts(at), author.user, text, previous_text=before, **fields)


def deleted(minutes: float, at: float, text: str | None = None, author: Actor | None = None) -> Deleted:
    return Deleted(TEAM, CHANNEL, ts(minutes), ts(at), text, author.user if author else None)


def reacted(minutes: float, at: float, reaction: str, by: Actor = BEN, *, removed: bool = False) -> Reacted:
    return Reacted(TEAM, CHANNEL, ts(minutes), ts(at), by.user, reaction, removed)
