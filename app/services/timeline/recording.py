"""Puts what happened to a message onto the timeline, in whatever order it is learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.domain.channel_event import ChannelEvent
from app.domain.incident import Incident
from app.domain.message import message_of
from app.domain.message_facts import Facts, facts_of, instant_of, kept_facts, with_event
from app.domain.timeline import EntryRevision, Origin, TimelineEntry
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.drafts.asking import settle_unknowns
from app.services.timeline.plain_messages import is_plain, plain_row

Links = Mapping[tuple[str, str], str]
"""Permalinks of messages, by channel and ts."""
PERMALINK_MAX = 500
# What an event that can't be understood raises; anything else is the store's trouble, and has to be tried again.
POISON = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


@dataclass
class _Change:
    """What becomes of one message: the facts known before and those known with the new events."""

    incident: Incident
    entry: TimelineEntry
    before: Facts
    facts: Facts

    @property
    def new(self) -> bool:
        return self.entry.id is None and bool(self.facts)

    @property
    def changed(self) -> bool:
        return self.new or self.facts != self.before


async def apply_all(
    uow: UnitOfWork, incident: Incident, events: Sequence[ChannelEvent], links: Links
) -> Mapping[int, Exception]:
    """Take in what happened to messages of one incident; see `apply_in`."""
    return await apply_in(uow, [(incident, event) for event in events], links)


async def apply_in(
    uow: UnitOfWork, happened: Sequence[tuple[Incident, ChannelEvent]], links: Links
) -> Mapping[int, Exception]:
    """Take in what happened to messages of incidents, which the caller has locked.

    Taking the same events again, or in another order, ends in the same timelines. `links`: permalinks by channel and
    ts, as far as they are known. Returns, by position, why an event could not be understood; the others are taken in.
    """
    left = await put_plain(uow, [(id_of(incident), event) for incident, event in happened], links)
    names = {position: (id_of(happened[position][0]), happened[position][1].ts) for position in left}
    known = await uow.timeline.by_all_ts({one for one, _ in names.values()}, {ts for _, ts in names.values()})
    changes: dict[tuple[int, str], _Change] = {}
    refused: dict[int, Exception] = {}
    for position, name in names.items():
        incident, event = happened[position]
        try:
            change = changes.get(name) or _unchanged(known.get(name) or _placeholder(incident, event), incident)
            change.facts = with_event(change.facts, event)
        except POISON as error:
            refused[position] = error
        else:
            changes[name] = change
            change.entry.permalink = change.entry.permalink or _link(links, event)
    await _keep(uow, [change for change in changes.values() if change.changed])
    return refused


async def put_plain(uow: UnitOfWork, happened: Sequence[tuple[int, ChannelEvent]], links: Links) -> Sequence[int]:
    """Put new messages that were said and no more on the timelines of the incidents with these ids.

    Returns the positions of all other events, in order; the incidents need not be locked for those that are put.
    """
    told = Counter((incident_id, event.ts) for incident_id, event in happened)
    rows: dict[int, Mapping[str, Any]] = {}
    for position, (incident_id, event) in enumerate(happened):
        if is_plain(event) and told[incident_id, event.ts] == 1:
            with suppress(*POISON):
                rows[position] = plain_row(incident_id, event, _link(links, event))
    there = await uow.timeline.put_new(list(rows.values()))
    put = {position for position, row in rows.items() if (row["incident_id"], row["ts"]) not in there}
    return [position for position in range(len(happened)) if position not in put]


async def learn(uow: UnitOfWork, incident: Incident, entry: TimelineEntry, facts: Facts) -> None:
    """Let a stored entry show what is now known of its message, and the unknowns that hang on it follow."""
    await _keep(uow, [_Change(incident, entry, facts_of(entry), facts)])


async def _keep(uow: UnitOfWork, changes: Sequence[_Change]) -> None:
    for change in changes:
        _show(change.entry, change.facts)
    await uow.add_all([change.entry for change in changes if change.entry.id is None])
    for change in changes:
        await _keep_wordings(uow, change.entry, change.before)
        await settle_unknowns(uow, change.incident, change.entry, change.before)


def _link(links: Links, event: ChannelEvent) -> str | None:
    link = links.get((event.channel, event.ts))
    return link if link is not None and len(link) <= PERMALINK_MAX else None


def _unchanged(entry: TimelineEntry, incident: Incident) -> _Change:
    return _Change(incident, entry, facts_of(entry), facts_of(entry))


def _placeholder(incident: Incident, event: ChannelEvent) -> TimelineEntry:
    return TimelineEntry(
        team=incident.team,
        incident_id=id_of(incident),
        at=instant_of(event.ts),
        author="",
        origin=Origin.MESSAGE,
        channel_id=event.channel,
        ts=event.ts,
        seen=False,
    )


def _show(entry: TimelineEntry, facts: Facts) -> None:
    message = message_of(facts)
    entry.facts = kept_facts(facts)
    entry.seen = message.seen
    entry.author = message.author
    entry.author_is_bot = message.author_is_bot
    entry.thread_ts = message.thread_ts
    entry.text = message.text
    entry.edited_ts = message.edited_ts
    entry.deleted_at = message.deleted_at
    entry.files = list(message.files)
    entry.reactions = dict(message.reactions)
    entry.mark = message.mark
    entry.marked_by = message.marked_by


async def _keep_wordings(uow: UnitOfWork, entry: TimelineEntry, before: Facts) -> None:
    wanted = dict(message_of(facts_of(entry)).revisions)
    known = dict(message_of(before).revisions)
    if wanted == known or entry.id is None:
        return
    stored = {}
    if known:
        rows = await uow.timeline.revisions(entry.incident_id)
        stored = {row.at: row for row in rows if row.entry_id == entry.id}
    for at in stored.keys() - wanted.keys():
        await uow.delete(stored[at])
    for at, text in wanted.items():
        if at in stored:
            stored[at].text = text
        else:
            await uow.add(
                EntryRevision(team=entry.team, incident_id=entry.incident_id, entry_id=entry.id, at=at, text=text)
            )
