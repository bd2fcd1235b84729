"""Imports: an incident of the past, built from what was said in a channel then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.audit import AuditRecord
from app.domain.channel_event import ChannelEvent, Said
from app.domain.errors import Invalid
from app.domain.incident import TITLE_MAX, Incident, Kind, Severity, Status, StatusChange
from app.domain.message import message_of
from app.domain.message_facts import Facts, instant_of, ts_order, with_event
from app.domain.person import Person
from app.domain.visible_text import one_line
from app.ports.chat import Profile
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of
from app.services.timeline.recording import POISON, apply_all

IMPORTER = "import"
BATCH = 500


@dataclass(frozen=True)
class Importing:
    """Builds imported incidents: closed, without a channel of their own, and in no metric."""

    store: Store
    clock: Clock

    async def run(
        self, team: str, channel_name: str, members: Iterable[Profile], events: Iterable[ChannelEvent]
    ) -> Incident:
        """The incident with its timeline, stored in one transaction.

        It counts as declared with the first message and as closed with the last. Raises Invalid when nothing was said,
        or when an event can't be understood; nothing is stored then.
        """
        ordered = _in_order(events)
        first, ended_at = _bounds(channel_name, ordered)
        async with self.store.write() as uow:
            await _remember(uow, team, members, ordered)
            incident = _incident(team, await uow.incidents.next_number(team), channel_name, first)
            await uow.add(incident)
            await self._keep_history(uow, incident, ended_at)
            for start in range(0, len(ordered), BATCH):
                await apply_all(uow, incident, ordered[start : start + BATCH], {})
        return incident

    async def _keep_history(self, uow: UnitOfWork, incident: Incident, ended_at: datetime) -> None:
        steps = (
            (Status.INVESTIGATING, incident.declared_at, "First message of the imported channel"),
            (Status.CLOSED, ended_at, "Last message of the imported channel"),
        )
        for status, at, reason in steps:
            await uow.add(
                StatusChange(
                    team=incident.team,
                    incident_id=id_of(incident),
                    status=status,
                    severity=incident.severity,
                    at=at,
                    by=IMPORTER,
                    reason=reason,
                )
            )
        await uow.add(
            AuditRecord(
                team=incident.team,
                incident_id=incident.id,
                at=self.clock.now(),
                by=IMPORTER,
                action="incident.imported",
                object=incident.key,
                detail={"channel": incident.channel_name},
            )
        )


def _incident(team: str, number: int, channel_name: str, first: ChannelEvent) -> Incident:
    name = one_line(channel_name.lstrip("#"))[:80]
    return Incident(
        team=team,
        number=number,
        kind=Kind.IMPORTED,
        title=f"Imported from #{name}"[:TITLE_MAX],
        status=Status.CLOSED,
        severity=Severity.SEV3,
        channel_name=name,
        declared_at=instant_of(first.ts),
        declared_by=_author(first),
    )


def _in_order(events: Iterable[ChannelEvent]) -> list[ChannelEvent]:
    found = list(events)
    for event in found:
        try:
            with_event({}, event)
        except POISON as error:
            raise Invalid(f"The message at {event.ts} can't be imported: {error}. Nothing was imported.") from error
    return sorted(found, key=lambda event: ts_order(event.ts))


def _bounds(channel_name: str, events: Sequence[ChannelEvent]) -> tuple[ChannelEvent, datetime]:
    """The first message, and when the last thing happened."""
    facts: dict[str, Facts] = {}
    for event in events:
        facts[event.ts] = with_event(facts.get(event.ts, {}), event)
    seen = [event for event in events if message_of(facts[event.ts]).seen and _author(event)]
    if not seen:
        raise Invalid(f"Nobody said anything in #{channel_name.lstrip('#')}. Nothing was imported.")
    last_ts = max((_happened_ts(event) for event in events), key=ts_order)
    return seen[0], instant_of(last_ts)


def _happened_ts(event: ChannelEvent) -> str:
    for name in ("edited_ts", "deleted_ts", "event_ts"):
        if found := getattr(event, name, None):
            return str(found)
    return event.ts


def _author(event: ChannelEvent) -> str:
    return getattr(event, "author", None) or ""


async def _remember(uow: UnitOfWork, team: str, members: Iterable[Profile], events: Sequence[ChannelEvent]) -> None:
    named = {
        event.author: Person(team=team, user=event.author, name=event.author_name[:200], is_bot=event.author_is_bot)
        for event in events
        if isinstance(event, Said) and event.author_name
    }
    for member in members:
        named[member.user] = Person(team=team, user=member.user, name=member.name[:200], is_bot=member.is_bot)
    for user in sorted(named):
        await uow.remember(named[user])
