"""What We Know updates: stored as drafts, approved, published or discarded, each by a person with the right role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.domain.draft_record import DraftRecord
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.incident import Incident, Severity
from app.domain.roles import Role
from app.domain.status_update import Audience, Section, StatusUpdate, UpdateStatus
from app.domain.timeline import Mark
from app.drafting.audiences.outgoing import outgoing_text
from app.journal import also_about
from app.ports.clock import Clock
from app.ports.drafter import Draft
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, locked_for, may_see
from app.services.actor import Actor
from app.services.jobs.owed import owe_refresh
from app.services.record_keeping import keep_act, keep_audit, keep_entry, short_time
from app.services.reminders import promises
from app.services.updates import authorship, consistency
from app.services.updates import form as update_form
from app.services.updates.approvals import give_approval
from app.services.updates.audience_checks import problems_of
from app.services.updates.authorship import Source
from app.services.updates.posts import SUPERSEDED, owe_publication, owe_review
from app.services.updates.review import version_before
from app.services.updates.sending import channel_for, owe_sending

NEXT_UPDATE_MAX_MINUTES = 7 * 24 * 60
SOURCE = frozenset({"marks", "edits", "for"})
WAITING = frozenset({UpdateStatus.DRAFT, UpdateStatus.APPROVED})


@dataclass(frozen=True)
class Updates:
    """`cadence`: minutes by severity, for the reminders of the next promise; `channels`: where audiences read."""

    database: Store
    clock: Clock
    cadence: Mapping[Severity, int]
    channels: Mapping[Audience, str] = field(default_factory=dict)

    async def store(
        self,
        actor: Actor,
        key: str,
        audience: Audience,
        sections: Mapping[Section, str],
        next_update_minutes: int,
        account: Mapping[str, Any] | None,
    ) -> StatusUpdate:
        """Keep what the form holds as the next version, a draft; an unpublished one for the same audience ends.

        `account` tells of the drafter whose text was edited; None when a person wrote it all. Beside what is stored it
        may hold `marks` (of the drafter's lines, see `authorship`) or `edits`, the version that was edited. Raises
        NotFound, Invalid with the form's field.
        """
        _must_be_soon(next_update_minutes)
        now = self.clock.now()
        async with self.database.read() as uow:
            incident = await incident_for(uow, actor, key)
            entries = await uow.timeline.entries(id_of(incident))
            parsed = update_form.parse_form(sections, {entry.id for entry in entries if entry.id is not None})
            before = await consistency.published_before(uow, incident, now)
        found = await consistency.compared(parsed, before)
        async with self.database.write() as uow:
            incident = await locked_for(uow, actor, key)
            source = await _source(uow, incident, account or {})
            signed, writers = authorship.signed(sections, parsed, source, actor.user)
            signed, corrections = consistency.with_corrections(audience, signed, found, source.earlier)
            incident.update_count += 1
            update = StatusUpdate(
                team=incident.team,
                incident_id=id_of(incident),
                version=incident.update_count,
                audience=audience,
                sections=signed,
                next_update_minutes=next_update_minutes,
                drafted_by=actor.user,
                drafted_at=now,
                drafter={name: value for name, value in (account or {}).items() if name not in SOURCE},
                written_by=writers,
                problems=await problems_of(uow, incident, entries, (audience, signed)),
                corrections=corrections,
                edited_from=source.earlier.version if source.earlier is not None else None,
            )
            await _supersede(uow, incident, update, actor, now)
            await uow.add(update)
            text = f"Drafted update {update.version} for {audience.value}."
            await keep_act(uow, incident, actor, now, ("update.drafted", f"update:{update.version}"), text)
            await owe_review(uow, incident, update, now)
        return update

    async def approve(self, actor: Actor, update_id: int, why: str = "") -> StatusUpdate:
        """Give one's approval of a draft; it is approved with the last one that its audience needs.

        `why`: the reason for approving in spite of a hard problem. Raises NotFound, Conflict when it is no draft, a
        reason is needed, or what was published or recorded since contradicts it (it is then shown, and the next press
        counts), NotAllowed naming who can.
        """
        now = self.clock.now()
        await self._must_be_current(actor, update_id, now)
        async with self.database.write() as uow:
            update, incident = await _locked(uow, actor, update_id)
            _must_be(update, UpdateStatus.DRAFT)
            await give_approval(uow, incident, update, actor, now, why)
            await owe_review(uow, incident, update, now)
        return update

    async def _must_be_current(self, actor: Actor, update_id: int, now: datetime) -> None:
        async with self.database.read() as uow:
            update, incident = await _found(uow, actor, update_id)
            before = await consistency.published_before(uow, incident, now)
        news = consistency.news(update, await consistency.compared(update.sections, before))
        if not news or update.status is not UpdateStatus.DRAFT:
            return
        async with self.database.write() as uow:
            update, incident = await _locked(uow, actor, update_id)
            update.corrections = [*update.corrections, *news]
            await owe_review(uow, incident, update, now)
        raise Conflict(
            f"Since update {update.version} was drafted, the record has moved on: {consistency.told(news[0])}. The "
            "message now shows it. Edit the update to take that in, or approve it as it is."
        )

    async def publish(self, actor: Actor, update_id: int) -> StatusUpdate:
        """Publish an approved update and make the next promise. Raises like `approve`."""
        now = self.clock.now()
        async with self.database.write() as uow:
            update, incident = await _locked(uow, actor, update_id)
            await _must_speak(uow, actor, incident, "publish")
            _must_be(update, UpdateStatus.APPROVED)
            update.status, update.published_by, update.published_at = UpdateStatus.PUBLISHED, actor.user, now
            text = f"Published update {update.version} for {update.audience.value}."
            if incident.open:
                update.next_update_at = now + timedelta(minutes=update.next_update_minutes)
                period = promises.cadence(self.cadence, incident.severity)
                await promises.set_next(uow, incident, update.next_update_at, now, period)
                text += f" The next one is promised for {short_time(update.next_update_at)}."
            await keep_entry(uow, incident, actor, now, text, Mark.MILESTONE)
            await keep_audit(uow, incident, actor, now, ("update.published", f"update:{update.version}"))
            await owe_publication(uow, incident, update, now)
            if (channel := channel_for(self.channels, incident, update.audience)) is not None:
                await owe_sending(uow, incident, update, now, channel)
            await owe_refresh(uow, incident, now)
        return update

    async def discard(self, actor: Actor, update_id: int) -> StatusUpdate:
        """Discard an unpublished update; it stays on the record. Raises NotFound, Conflict."""
        now = self.clock.now()
        async with self.database.write() as uow:
            update, incident = await _locked(uow, actor, update_id)
            _must_be(update, *WAITING)
            update.status, update.discarded_reason = UpdateStatus.DISCARDED, f"Discarded by <@{actor.user}>"
            await owe_review(uow, incident, update, now)
            text = f"Discarded update {update.version} for {update.audience.value}."
            await keep_act(uow, incident, actor, now, ("update.discarded", f"update:{update.version}"), text)
        return update

    async def waiting(self, actor: Actor, update_id: int) -> tuple[StatusUpdate, Incident]:
        """An update that waits for a decision, to be edited, and its incident. Raises NotFound, Conflict."""
        async with self.database.read() as uow:
            update, incident = await _found(uow, actor, update_id)
        _must_be(update, *WAITING)
        return update, incident

    async def compared(self, actor: Actor, update_id: int) -> tuple[StatusUpdate, StatusUpdate | None]:
        """An update and the version that it is read against, None where there is none. Raises NotFound."""
        async with self.database.read() as uow:
            update, incident = await _found(uow, actor, update_id)
            return update, version_before(update, await uow.updates.all(id_of(incident)))

    async def outgoing(self, actor: Actor, update_id: int) -> tuple[StatusUpdate, str]:
        """An approved or published update and its text to copy. Raises NotFound, Conflict before it is approved."""
        async with self.database.read() as uow:
            update, incident = await _found(uow, actor, update_id)
        if update.status not in (UpdateStatus.APPROVED, UpdateStatus.PUBLISHED):
            raise Conflict(f"Update {update.version} is not approved, so there is nothing to copy out yet.")
        return update, outgoing_text(incident.key, update)

    def form_text(self, source: Draft | StatusUpdate | DraftRecord) -> Mapping[Section, str]:
        """Each section as the form shows it; what `store` reads."""
        return update_form.form_text(source)


async def _source(uow: UnitOfWork, incident: Incident, account: Mapping[str, Any]) -> Source:
    version = account.get("edits")
    if version is None:
        return Source(marks=str(account.get("marks") or ""))
    earlier = [one for one in await uow.updates.all(id_of(incident)) if one.version == version]
    return Source(earlier=earlier[0]) if earlier else Source()


async def _supersede(uow: UnitOfWork, incident: Incident, newer: StatusUpdate, actor: Actor, now: datetime) -> None:
    for older in await uow.updates.all(id_of(incident)):
        if older.status in WAITING and older.audience is newer.audience:
            older.status, older.discarded_reason = UpdateStatus.DISCARDED, f"{SUPERSEDED} {newer.version}"
            await owe_review(uow, incident, older, now)
            detail = {"superseded_by": newer.version}
            await keep_audit(uow, incident, actor, now, ("update.discarded", f"update:{older.version}"), detail)


async def _found(uow: UnitOfWork, actor: Actor, update_id: int) -> tuple[StatusUpdate, Incident]:
    update = await uow.get(StatusUpdate, update_id)
    incident = await uow.get(Incident, update.incident_id) if update is not None else None
    if update is None or incident is None or not await may_see(uow, actor, incident):
        raise NotFound("There is no such update. Nothing was changed.")
    also_about(incident=incident.key)
    return update, incident


async def _locked(uow: UnitOfWork, actor: Actor, update_id: int) -> tuple[StatusUpdate, Incident]:
    update, incident = await _found(uow, actor, update_id)
    incident = await uow.incidents.locked(id_of(incident))
    return await uow.get(StatusUpdate, update_id) or update, incident


async def _must_speak(uow: UnitOfWork, actor: Actor, incident: Incident, act: str) -> None:
    """Nothing for the comms lead, or the commander while there is none. Raises NotAllowed for everybody else."""
    holders = await uow.roles.holders(id_of(incident))
    speaker = holders.get(Role.COMMS) or holders.get(Role.COMMANDER)
    if speaker is None:
        raise NotAllowed(
            f"Nobody can {act} this update yet: that takes the comms lead, or the commander while there is none. "
            "Take one of these roles on the incident card first. Nothing was changed."
        )
    if speaker.user == actor.user:
        return
    if speaker.role is Role.COMMS:
        raise NotAllowed(f"Only the comms lead can {act} this update: ask <@{speaker.user}>. Nothing was changed.")
    raise NotAllowed(
        f"There is no comms lead, so only the commander can {act} this update: ask <@{speaker.user}>, or take the "
        "comms role yourself. Nothing was changed."
    )


def _must_be(update: StatusUpdate, *wanted: UpdateStatus) -> None:
    if update.status in wanted:
        return
    name = f"Update {update.version}"
    if update.status is UpdateStatus.PUBLISHED:
        raise Conflict(f"{name} was published already by <@{update.published_by}>. Nothing more was changed.")
    if update.status is UpdateStatus.DISCARDED:
        raise Conflict(f"{name} is no longer current: {update.discarded_reason}. Nothing was changed.")
    if update.status is UpdateStatus.APPROVED:
        raise Conflict(f"{name} was approved already by <@{update.approved_by}>. Nothing more was changed.")
    raise Conflict(f"{name} has to be approved before it can be published. Nothing was changed.")


def _must_be_soon(next_update_minutes: int) -> None:
    if not 1 <= next_update_minutes <= NEXT_UPDATE_MAX_MINUTES:
        raise Invalid(
            f"Promise the next update within 1 to {NEXT_UPDATE_MAX_MINUTES} minutes (7 days).",
            field="next_update_minutes",
        )
