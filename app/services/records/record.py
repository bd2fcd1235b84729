"""The record of an incident as the outside world reads it: the shape of `export KEY --format json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.domain.columns import instant
from app.domain.errors import NotFound
from app.domain.incident import Incident, Severity, StatusChange
from app.domain.reminder import DEFAULT_CADENCE
from app.domain.roles import RoleHolding
from app.domain.status_update import Audience, Section, StatusUpdate
from app.domain.timeline import EntryRevision, TimelineEntry, Unknown
from app.ports.drafter import Draft
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of
from app.services.clocks.export import clock_records
from app.services.containment.record import containments_record
from app.services.drafts.ledger import account_record
from app.services.follow_ups.record import follow_up_records
from app.services.playbooks.record import playbook_record
from app.services.postmortems.details import details
from app.services.postmortems.record import postmortem_record
from app.services.records.response_times import times_record
from app.services.reminders import promises
from app.services.room.people import mentioned, names_of
from app.services.suggestions.record import suggestion_record
from app.services.triage.record import triage_record
from app.services.trials.export import trial_records
from app.services.updates.form import lines_of
from app.services.updates.review import update_review

SCHEMA_VERSION = 1
Json = dict[str, Any]


@dataclass(frozen=True)
class Records:
    """Records for whoever may read all of them: the operator. `cadence`: minutes by severity."""

    store: Store
    cadence: Mapping[Severity, int] = field(default_factory=lambda: DEFAULT_CADENCE)

    async def export(self, team: str, key: str) -> Json:
        """The whole record. Raises NotFound."""
        async with self.store.read() as uow:
            return await record(uow, await _incident(uow, team, key))

    async def names(self, team: str, key: str) -> Mapping[str, str]:
        """The display names of everybody whom the record mentions, by ID. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await _incident(uow, team, key)
            entries = await uow.timeline.entries(id_of(incident))
            users = {entry.author for entry in entries}.union(*(mentioned(entry.text) for entry in entries))
            users |= {holding.user for holding in await uow.roles.history(id_of(incident))} | {incident.declared_by}
            return await names_of(uow, team, users)

    async def drafted(
        self, team: str, key: str, draft: Draft, audience: Audience, as_of: datetime | None = None
    ) -> Json:
        """An unstored draft in the shape of one of the record's updates. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await _incident(uow, team, key)
        minutes = promises.cadence(self.cadence, incident.severity)
        next_at = as_of + timedelta(minutes=minutes) if as_of is not None else incident.next_update_at
        return {
            "id": None,
            "version": incident.update_count + 1,
            "audience": audience.value,
            "status": "draft",
            "sections": {section.value: _lines(lines_of(draft.sections.get(section, ()))) for section in Section},
            "next_update_at": _instant(next_at),
            "drafted_by": None,
            "approved_by": None,
            "published_at": None,
            "published_ts": None,
            "drafter": _drafter(account_record(draft.account)),
            **update_review(None),
        }


async def record(uow: UnitOfWork, incident: Incident) -> Json:
    """Everything that is kept of an incident, in the published shape. Texts are as Slack holds them."""
    incident_id = id_of(incident)
    entries = [entry for entry in await uow.timeline.entries(incident_id) if entry.seen]
    wordings: dict[int, list[EntryRevision]] = {}
    for revision in await uow.timeline.revisions(incident_id):
        wordings.setdefault(revision.entry_id, []).append(revision)
    updates = await uow.updates.all(incident_id)
    whole = {
        **_incident_record(incident),
        "status_history": [_change(one) for one in await uow.status_changes(incident_id)],
        "roles": [_holding(one) for one in await uow.roles.history(incident_id)],
        "timeline": [entry_record(one, wordings.get(one.id or 0, ())) for one in entries],
        "unknowns": [_unknown(one) for one in await uow.unknowns.all(incident_id)],
        "updates": [update_record(one, updates) for one in updates],
        "reminders": [
            {"id": one.id, "kind": one.kind.value, "due_at": instant(one.due_at), "state": one.state.value}
            for one in await uow.reminders.all(incident_id)
        ],
        "suggestion": await suggestion_record(uow, incident),
        "triage": await triage_record(uow, incident),
        "containments": await containments_record(uow, incident),
        "trials": await trial_records(uow, incident_id),
        "clocks": await clock_records(uow, incident_id),
        "follow_ups": await follow_up_records(uow, incident),
        "playbook": await playbook_record(uow, incident),
        "postmortem": await postmortem_record(uow, incident),
        "audit": [
            {"at": instant(one.at), "by": one.by, "action": one.action, "object": one.object, "detail": one.detail}
            for one in await uow.audit(incident_id)
        ],
    }
    if whole["postmortem"] is not None:
        whole["postmortem"] |= {"details": details(whole), "times": times_record(whole)}
    return whole


def update_record(update: StatusUpdate, versions: Sequence[StatusUpdate]) -> Json:
    """One of an incident's updates in the published shape."""
    return {
        "id": update.id,
        "version": update.version,
        "audience": update.audience.value,
        "status": update.status.value,
        "sections": {section.value: _lines(update.sections.get(section, [])) for section in Section},
        "next_update_at": _instant(update.next_update_at),
        "drafted_by": update.drafted_by,
        "approved_by": update.approved_by,
        "published_at": _instant(update.published_at),
        "published_ts": update.published_ts,
        "drafter": _drafter(update.drafter),
        **update_review(update, versions),
    }


def entry_record(entry: TimelineEntry, revisions: Sequence[EntryRevision]) -> Json:
    """One timeline entry in the published shape; a revision's `at` is when its words were replaced."""
    return {
        "id": entry.id,
        "at": instant(entry.at),
        "author": entry.author,
        "mark": entry.mark.value,
        "layer": entry.layer.value if entry.layer else None,
        "text": entry.text,
        "permalink": entry.permalink,
        "source": {"channel": entry.channel_id, "ts": entry.ts, "thread_ts": entry.thread_ts},
        "revisions": [{"at": instant(one.at), "text": one.text} for one in revisions],
        "deleted_at": _instant(entry.deleted_at),
        "files": [{name: file.get(name) for name in ("name", "mimetype", "permalink")} for file in entry.files],
        "reactions": {name: list(users) for name, users in entry.reactions.items()},
    }


async def _incident(uow: UnitOfWork, team: str, key: str) -> Incident:
    incident = await uow.incidents.by_key(team, key)
    if incident is None:
        raise NotFound(f"There is no incident {key.strip().upper()}.")
    return incident


def _incident_record(incident: Incident) -> Json:
    return {
        "schema_version": SCHEMA_VERSION,
        "key": incident.key,
        "kind": incident.kind.value,
        "title": incident.title,
        "summary": incident.summary,
        "status": incident.status.value,
        "severity": incident.severity.value,
        "archetype": incident.archetype.value,
        "system_type": incident.system_type.value if incident.system_type else None,
        "system": incident.system,
        "visibility": incident.visibility.value,
        "channel": {"id": incident.channel_id, "name": incident.channel_name},
        "declared_at": instant(incident.declared_at),
        "declared_by": incident.declared_by,
    }


def _change(change: StatusChange) -> Json:
    return {
        "status": change.status.value,
        "severity": change.severity.value,
        "at": instant(change.at),
        "by": change.by,
        "reason": change.reason,
    }


def _holding(holding: RoleHolding) -> Json:
    return {
        "role": holding.role.value,
        "user": holding.user,
        "from": instant(holding.from_at),
        "to": _instant(holding.to_at),
    }


def _unknown(unknown: Unknown) -> Json:
    return {
        "id": unknown.number,
        "text": unknown.text,
        "raised_at": instant(unknown.raised_at),
        "entry": unknown.entry_id,
        "answered_at": _instant(unknown.answered_at),
        "answer_entry": unknown.answer_entry_id,
    }


def _lines(lines: Sequence[Mapping[str, Any]]) -> list[Json]:
    return [{"text": line["text"], "citations": list(line["citations"])} for line in lines]


def _drafter(account: Mapping[str, Any]) -> Json:
    """Who drafted; a person where no drafter did."""
    return {
        "name": account.get("name") or "person",
        "model": account.get("model"),
        "tokens": account.get("tokens"),
        "input_tokens": account.get("input_tokens"),
        "output_tokens": account.get("output_tokens"),
        "prompt": account.get("prompt"),
        "evidence": list(account.get("evidence") or ()),
        "checks": dict(account.get("checks") or {}),
        "dropped": list(account.get("dropped") or ()),
        "note": str(account.get("note") or ""),
    }


def _instant(value: datetime | None) -> str | None:
    return instant(value) if value is not None else None
