"""Puts what happened to a message onto the timeline, in whatever order it is learned."""

from __future__ import annotations

from app.domain.channel_event import ChannelEvent
from app.domain.errors import IncidentError
from app.domain.incident import Incident
from app.domain.message import message_of
from app.domain.message_facts import Facts, facts_of, instant_of, kept_facts, with_event
from app.domain.timeline import EntryRevision, Origin, TimelineEntry
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.asking import settle_unknowns

PERMALINK_MAX = 500
# What an event that can't be understood raises; anything else is the store's trouble, and has to be tried again.
POISON = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, IncidentError)


async def apply(
    uow: UnitOfWork, incident: Incident, event: ChannelEvent, permalink: str | None = None
) -> TimelineEntry:
    """Take in what happened to a message of the incident, which the caller has locked, and return its entry.

    Taking the same events again, or in another order, ends in the same entry. Raises ValueError for events that can't
    be understood; nothing is written then.
    """
    entry = await uow.timeline.by_ts(id_of(incident), event.ts) or _placeholder(incident, event)
    if entry.permalink is None and permalink is not None and len(permalink) <= PERMALINK_MAX:
        entry.permalink = permalink
    return await learn(uow, incident, entry, with_event(facts_of(entry), event))


async def learn(uow: UnitOfWork, incident: Incident, entry: TimelineEntry, facts: Facts) -> TimelineEntry:
    """Let an entry show what is now known of its message, and the unknowns that hang on it follow."""
    before = facts_of(entry)
    if entry.id is not None and facts == before:
        return entry
    _show(entry, facts)
    if entry.id is None:
        await uow.add(entry)
    await _keep_wordings(uow, entry, before)
    await settle_unknowns(uow, incident, entry, before)
    return entry


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
