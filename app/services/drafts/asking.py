"""Unknowns that messages raise and answer, worked out from the marks on them."""

from __future__ import annotations

from datetime import datetime

from app.domain.incident import Incident, Kind
from app.domain.message import answered_by, asking
from app.domain.message_facts import Facts, facts_of, instant_of, ts_order
from app.domain.timeline import Origin, TimelineEntry, Unknown
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.jobs.owed import owe_refresh

Answer = tuple[datetime, str, int | None]
"""When, by whom, and the entry that answers (None: the unknown was withdrawn)."""


async def settle_unknowns(uow: UnitOfWork, incident: Incident, entry: TimelineEntry, before: Facts) -> None:
    """After `entry` changed: number the unknown it raises; that one and the one of its thread follow the marks."""
    facts = facts_of(entry)
    asked = asking(facts)
    if asked is not None and entry.seen:
        unknown = await uow.unknowns.by_entry(_id(entry)) or await number_unknown(
            uow, incident, entry, raised_at=instant_of(asked.raised.ts), raised_by=asked.raised.by
        )
        await _settle(uow, incident, entry, unknown)
    known_before = answered_by(before) if "who" in before else None
    if entry.thread_ts is not None and answered_by(facts) != known_before:
        await _settle_thread(uow, incident, entry.thread_ts)


async def number_unknown(
    uow: UnitOfWork, incident: Incident, entry: TimelineEntry, *, raised_at: datetime, raised_by: str
) -> Unknown:
    """The next unknown of a locked incident, in the words of the entry that raises it."""
    incident.unknown_count += 1
    unknown = Unknown(
        team=incident.team,
        incident_id=id_of(incident),
        number=incident.unknown_count,
        text=entry.text,
        raised_at=raised_at,
        raised_by=raised_by,
        entry_id=_id(entry),
    )
    await uow.add(unknown)
    await show_count(uow, incident, raised_at)
    return unknown


async def show_count(uow: UnitOfWork, incident: Incident, now: datetime) -> None:
    """Owe that the card shows how many unknowns are open; an imported incident has none."""
    if incident.kind is not Kind.IMPORTED:
        await owe_refresh(uow, incident, now)


async def _settle_thread(uow: UnitOfWork, incident: Incident, thread_ts: str) -> None:
    root = await uow.timeline.by_ts(id_of(incident), thread_ts)
    unknown = await uow.unknowns.by_entry(_id(root)) if root is not None else None
    if root is not None and unknown is not None:
        await _settle(uow, incident, root, unknown)


async def _settle(uow: UnitOfWork, incident: Incident, entry: TimelineEntry, unknown: Unknown) -> None:
    asked = asking(facts_of(entry))
    if asked is not None:
        unknown.text = entry.text
        unknown.raised_at, unknown.raised_by = instant_of(asked.raised.ts), asked.raised.by
    if await _answered_in_words(uow, unknown):
        return
    answer = await _marked_answer(uow, incident, entry)
    if answer is None and asked is not None and asked.withdrawn is not None:
        answer = (instant_of(asked.withdrawn.ts), asked.withdrawn.by, None)
    at, by, answer_id = answer or (None, None, None)
    if (unknown.answered_at, unknown.answered_by, unknown.answer_entry_id) == (at, by, answer_id):
        return
    unknown.answered_at, unknown.answered_by, unknown.answer_entry_id = at, by, answer_id
    await show_count(uow, incident, at or unknown.raised_at)


async def _answered_in_words(uow: UnitOfWork, unknown: Unknown) -> bool:
    """True when somebody answered through the bot: marks don't change that."""
    if unknown.answer_entry_id is None:
        return False
    answer = await uow.get(TimelineEntry, unknown.answer_entry_id)
    return answer is not None and answer.origin is not Origin.MESSAGE


async def _marked_answer(uow: UnitOfWork, incident: Incident, entry: TimelineEntry) -> Answer | None:
    """The first "answered" mark on the message itself or on a reply in its thread."""
    replies = await uow.timeline.replies(id_of(incident), entry.ts) if entry.ts is not None else ()
    candidates = [entry, *replies]
    ticks = [(tick, _id(one)) for one in candidates if (tick := answered_by(facts_of(one))) is not None]
    first = min(ticks, key=lambda found: (ts_order(found[0].ts), found[1]), default=None)
    return (instant_of(first[0].ts), first[0].by, first[1]) if first else None


def _id(entry: TimelineEntry) -> int:
    if entry.id is None:
        raise ValueError("the entry has not been stored")
    return entry.id
