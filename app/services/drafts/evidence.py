"""Evidence: the timeline as it was known at some instant, for a drafter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.incident import Incident
from app.domain.message import mark_at, marks_on, reactions_on
from app.domain.message_facts import facts_of, instant_of
from app.domain.roles import Role, RoleHolding
from app.domain.status_update import Audience, Section, StatusUpdate, UpdateStatus
from app.domain.timeline import EntryRevision, Origin, TimelineEntry, Unknown
from app.ports.drafter import Evidence, EvidenceEntry, OpenUnknown, Sentence
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.room.people import mentioned, names_of

Wordings = Mapping[int, Sequence[EntryRevision]]


@dataclass(frozen=True)
class _Then:
    """What is needed to show entries as they stood at `as_of`."""

    as_of: datetime
    wordings: Wordings
    roles: Sequence[RoleHolding]
    names: Mapping[str, str]
    threads: Mapping[str, int]


async def evidence_of(uow: UnitOfWork, incident: Incident, as_of: datetime, audience: Audience) -> Evidence:
    """What was known of the incident at `as_of`: no later words, edits, deletions, marks, roles or answers."""
    incident_id = id_of(incident)
    stored = await uow.timeline.entries(incident_id, until=as_of)
    wordings = _by_entry(await uow.timeline.revisions(incident_id))
    shown = [entry for entry in stored if _counts(entry, as_of) and not _reworded_since(entry, wordings, as_of)]
    people = {entry.author for entry in shown}.union(*(mentioned(words_at(entry, wordings, as_of)) for entry in shown))
    then = _Then(
        as_of,
        wordings,
        await uow.roles.history(incident_id),
        await names_of(uow, incident.team, people),
        {entry.ts: entry.id for entry in stored if entry.ts is not None and entry.id is not None},
    )
    return Evidence(
        incident=await incident_at(uow, incident, as_of),
        as_of=as_of,
        entries=[_entry(entry, then) for entry in shown],
        unknowns=_open_unknowns(await uow.unknowns.all(incident_id), stored, then),
        audience=audience,
        names=then.names,
        published=_last_published(await uow.updates.all(incident_id), as_of, audience),
    )


async def incident_at(uow: UnitOfWork, incident: Incident, at: datetime) -> Incident:
    """A copy of the incident with the status and severity that it had at that instant."""
    copy = Incident(**incident.model_dump())
    changes = [change for change in await uow.status_changes(id_of(incident)) if change.at <= at]
    if changes:
        copy.status, copy.severity = changes[-1].status, changes[-1].severity
    return copy


def words_at(entry: TimelineEntry, wordings: Wordings, at: datetime) -> str:
    """The entry's words as they stood at that instant."""
    later = [one for one in wordings.get(entry.id or 0, ()) if one.at > at]
    return later[0].text if later else entry.text


def _by_entry(revisions: Sequence[EntryRevision]) -> Wordings:
    grouped: dict[int, list[EntryRevision]] = {}
    for revision in sorted(revisions, key=lambda one: one.at):
        grouped.setdefault(revision.entry_id, []).append(revision)
    return grouped


def _counts(entry: TimelineEntry, as_of: datetime) -> bool:
    """The bot's own account of its troubles is on the timeline, but no evidence of the incident."""
    gone = entry.deleted_at is not None and entry.deleted_at <= as_of
    return entry.seen and not gone and entry.origin is not Origin.BOT


def _reworded_since(entry: TimelineEntry, wordings: Wordings, as_of: datetime) -> bool:
    """Edited later, and the words of then were never seen (as in exports): what it says now was not known."""
    edited_later = entry.edited_ts is not None and instant_of(entry.edited_ts) > as_of
    return edited_later and not any(one.at > as_of for one in wordings.get(entry.id or 0, ()))


def _entry(entry: TimelineEntry, then: _Then) -> EvidenceEntry:
    if entry.id is None:
        raise ValueError("the entry has not been stored")
    earlier = [one.text for one in then.wordings.get(entry.id, ()) if one.at <= then.as_of]
    reactions = reactions_on(facts_of(entry), then.as_of)
    return EvidenceEntry(
        id=entry.id,
        at=entry.at,
        author=entry.author,
        author_name=then.names.get(entry.author, entry.author),
        text=words_at(entry, then.wordings, then.as_of),
        mark=mark_at(entry, then.as_of),
        author_role=_role_at(then.roles, entry.author, entry.at),
        author_is_bot=entry.author_is_bot,
        from_channel=entry.origin is Origin.MESSAGE,
        thread_of=then.threads.get(entry.thread_ts or ""),
        earlier_texts=tuple(earlier),
        files=tuple(str(file.get("name", "")) for file in entry.files),
        reactions={name: len(users) for name, users in reactions.items()},
        permalink=entry.permalink,
        changed_at=_changed_at(entry, then),
    )


def _changed_at(entry: TimelineEntry, then: _Then) -> datetime | None:
    """When it was last edited or marked until then; None for never."""
    edits = [one.at for one in then.wordings.get(entry.id or 0, ()) if one.at <= then.as_of]
    marks = [instant_of(tick.ts) for tick in marks_on(facts_of(entry), then.as_of)]
    return max([*edits, *marks], default=None)


def _role_at(history: Sequence[RoleHolding], user: str, at: datetime) -> Role | None:
    held = [one for one in history if one.user == user and one.from_at <= at and (one.to_at is None or at < one.to_at)]
    return held[-1].role if held else None


def _open_unknowns(unknowns: Sequence[Unknown], stored: Sequence[TimelineEntry], then: _Then) -> list[OpenUnknown]:
    entries = {entry.id: entry for entry in stored}
    opened = [
        one
        for one in unknowns
        if one.raised_at <= then.as_of and (one.answered_at is None or one.answered_at > then.as_of)
    ]
    return [OpenUnknown(one.number, _asked(one, entries.get(one.entry_id), then), one.entry_id) for one in opened]


def _asked(unknown: Unknown, entry: TimelineEntry | None, then: _Then) -> str:
    return words_at(entry, then.wordings, then.as_of) if entry is not None else unknown.text


def _last_published(updates: Sequence[StatusUpdate], as_of: datetime, audience: Audience) -> list[Sentence]:
    published = [
        one
        for one in updates
        if one.status is UpdateStatus.PUBLISHED
        and one.audience is audience
        and one.published_at is not None
        and one.published_at <= as_of
    ]
    if not published:
        return []
    last = published[-1]
    return [
        Sentence(line["text"], tuple(line["citations"]), bool(line.get("by_hand")))
        for section in Section
        for line in last.sections.get(section, [])
    ]
