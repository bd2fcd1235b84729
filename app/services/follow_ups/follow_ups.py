"""Follow-ups: corrective and preventive actions with an owner and a due date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.follow_up import TITLE_MAX, FollowUp, FollowUpState, Layer, too_late
from app.domain.incident import Incident
from app.domain.visible_text import has_something_visible, one_line
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, locked_for, may_see
from app.services.actor import Actor
from app.services.follow_ups.words import owe_plan, owe_show, owe_word
from app.services.record_keeping import keep_audit, keep_entry

REASON_MAX = 3000
MOST = 500


@dataclass(frozen=True)
class Wanted:
    """What a follow-up should say; `title` is plain text. `source`: what it came from, empty for none."""

    title: str
    owner: str | None = None
    due_on: date | None = None
    layer: Layer | None = None
    source: str = ""


@dataclass(frozen=True)
class FollowUps:
    """What people do with follow-ups; an owner may act on their own even in an incident that they can't see."""

    store: Store
    clock: Clock

    async def add(self, actor: Actor, key: str, wanted: Wanted) -> FollowUp:
        """Put a follow-up on the incident's list. Raises NotFound; Invalid for a bad title or a date gone by."""
        now = self.clock.now()
        title = _title(wanted.title)
        _must_be_to_come(wanted.due_on, now)
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            before = await uow.of_incident(FollowUp, id_of(incident))
            if len(before) >= MOST:
                raise Conflict(f"{incident.key} has {MOST} follow-ups already. Nothing was added.")
            follow_up = FollowUp(
                team=incident.team,
                incident_id=id_of(incident),
                number=max((one.number for one in before), default=0) + 1,
                title=title,
                owner=wanted.owner or None,
                due_on=wanted.due_on,
                layer=wanted.layer,
                source=wanted.source[:80],
                created_at=now,
                created_by=actor.user,
            )
            await uow.add(follow_up)
            await self._keep(uow, incident, actor, follow_up, ("added", f": {_told(title)}"))
            await self._remind(uow, incident, follow_up, actor, given=True)
        return follow_up

    async def change(self, actor: Actor, follow_up_id: int, wanted: Wanted) -> FollowUp:
        """Give it another title, owner, date or layer. Raises like `add`; Conflict once it is done or dropped."""
        now = self.clock.now()
        title = _title(wanted.title)
        _, seen = await self.one(actor, follow_up_id)
        async with self.store.write() as uow:
            follow_up, incident = await _locked(uow, seen, follow_up_id)
            _must_be_open(follow_up)
            if wanted.due_on != follow_up.due_on:
                _must_be_to_come(wanted.due_on, now)
            said = _changes(follow_up, title, wanted)
            if not said:
                return follow_up
            given = follow_up.owner != (wanted.owner or None)
            follow_up.title, follow_up.owner = title, wanted.owner or None
            follow_up.due_on, follow_up.layer = wanted.due_on, wanted.layer
            follow_up.lead_told_at = None
            await self._keep(uow, incident, actor, follow_up, ("changed", f": {', '.join(said)}."))
            await self._remind(uow, incident, follow_up, actor, given=given)
        return follow_up

    async def done(self, actor: Actor, follow_up_id: int) -> FollowUp:
        """It is done. Raises NotFound, Conflict when it is done or dropped already."""
        return await self._end(actor, follow_up_id, FollowUpState.DONE, "")

    async def drop(self, actor: Actor, follow_up_id: int, reason: str) -> FollowUp:
        """It will not be done. Raises like `done`; Invalid without a reason."""
        reason = reason.strip()
        if not has_something_visible(reason):
            raise Invalid("Say why it is dropped: that goes on the record. Nothing was changed.", field="reason")
        if len(reason) > REASON_MAX:
            raise Invalid(f"The reason has {len(reason)} characters; at most {REASON_MAX} fit.", field="reason")
        return await self._end(actor, follow_up_id, FollowUpState.DROPPED, reason)

    async def reopen(self, actor: Actor, follow_up_id: int) -> FollowUp:
        """It is to be done after all; a date gone by stays and counts as overdue. Raises NotFound, Conflict."""
        _, seen = await self.one(actor, follow_up_id)
        async with self.store.write() as uow:
            follow_up, incident = await _locked(uow, seen, follow_up_id)
            if follow_up.open:
                raise Conflict(f"Follow-up {follow_up.number} is open already. Nothing was changed.")
            follow_up.state, follow_up.reason = FollowUpState.OPEN, ""
            follow_up.done_at = follow_up.done_by = follow_up.lead_told_at = None
            await self._keep(uow, incident, actor, follow_up, ("reopened", f": {_told(follow_up.title)}"))
            await self._remind(uow, incident, follow_up, actor, given=False)
        return follow_up

    async def list(self, actor: Actor, key: str) -> tuple[Incident, Sequence[FollowUp]]:
        """The incident and its follow-ups by number, ended ones too. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            return incident, await uow.of_incident(FollowUp, id_of(incident))

    async def one(self, actor: Actor, follow_up_id: int) -> tuple[FollowUp, Incident]:
        """A follow-up and its incident. Raises NotFound."""
        async with self.store.read() as uow:
            return await _found(uow, actor, follow_up_id)

    async def _end(self, actor: Actor, follow_up_id: int, state: FollowUpState, reason: str) -> FollowUp:
        now = self.clock.now()
        _, seen = await self.one(actor, follow_up_id)
        async with self.store.write() as uow:
            follow_up, incident = await _locked(uow, seen, follow_up_id)
            _must_be_open(follow_up)
            follow_up.state, follow_up.reason = state, reason
            follow_up.done_at, follow_up.done_by = now, actor.user
            follow_up.plan += 1
            said = f" ({reason})" if reason else ""
            await self._keep(uow, incident, actor, follow_up, (state.value, f": {_told(follow_up.title + said)}"))
            await owe_show(uow, incident, follow_up, now)
        return follow_up

    async def _remind(
        self, uow: UnitOfWork, incident: Incident, follow_up: FollowUp, actor: Actor, *, given: bool
    ) -> None:
        """Plan the reminders anew; a new owner hears of it, unless they gave it to themselves."""
        now = self.clock.now()
        follow_up.plan += 1
        await owe_plan(uow, incident, follow_up, now)
        if given and follow_up.owner is not None and follow_up.owner != actor.user:
            await owe_word(uow, incident, follow_up, now)
        else:
            await owe_show(uow, incident, follow_up, now)

    async def _keep(
        self, uow: UnitOfWork, incident: Incident, actor: Actor, follow_up: FollowUp, act: tuple[str, str]
    ) -> None:
        """On the timeline and in the audit trail; `act` is its verb and the rest of the sentence."""
        verb, rest = act
        now = self.clock.now()
        about = f"follow_up:{follow_up.number}"
        await keep_audit(uow, incident, actor, now, (f"follow_up.{verb}", about), {"owner": follow_up.owner})
        verb = "finished" if verb == FollowUpState.DONE else verb
        await keep_entry(uow, incident, actor, now, f"{verb.capitalize()} follow-up {follow_up.number}{rest}")


_GONE = "There is no such follow-up here. Nothing was changed."


async def _locked(uow: UnitOfWork, seen: Incident, follow_up_id: int) -> tuple[FollowUp, Incident]:
    """Both, locked in the order in which everybody locks them: the incident first."""
    incident = await uow.incidents.locked(id_of(seen))
    follow_up = await uow.get(FollowUp, follow_up_id)
    if follow_up is None:
        raise NotFound(_GONE)
    return follow_up, incident


async def _found(uow: UnitOfWork, actor: Actor, follow_up_id: int) -> tuple[FollowUp, Incident]:
    follow_up = await uow.get(FollowUp, follow_up_id)
    incident = await uow.get(Incident, follow_up.incident_id) if follow_up is not None else None
    if follow_up is None or incident is None or incident.team != actor.team:
        raise NotFound(_GONE)
    if follow_up.owner != actor.user and not await may_see(uow, actor, incident):
        raise NotFound(_GONE)
    return follow_up, incident


def _title(text: str) -> str:
    title = one_line(text)
    if not has_something_visible(title):
        raise Invalid("Say what is to be done. Nothing was added.", field="title")
    if len(title) > TITLE_MAX:
        raise Invalid(f"That has {len(title)} characters; at most {TITLE_MAX} fit. Shorten it.", field="title")
    return title


def _must_be_to_come(due_on: date | None, now: datetime) -> None:
    if due_on is not None and too_late(due_on, now):
        raise Invalid(f"{due_on.isoformat()} is over. Choose today or a later day.", field="due_on")


def _must_be_open(follow_up: FollowUp) -> None:
    if not follow_up.open:
        raise Conflict(f"Follow-up {follow_up.number} is {follow_up.state} already. Reopen it first to change it.")


def _changes(follow_up: FollowUp, title: str, wanted: Wanted) -> list[str]:
    """What will be different, in words; empty for nothing."""
    said = []
    if title != follow_up.title:
        said.append(f"it now says {_told(title)}")
    if (wanted.owner or None) != follow_up.owner:
        said.append(f"its owner is <@{wanted.owner}>" if wanted.owner else "it has no owner")
    if wanted.due_on != follow_up.due_on:
        said.append(f"it is due {wanted.due_on.isoformat()}" if wanted.due_on else "it has no date")
    if wanted.layer != follow_up.layer:
        said.append(f"it strengthens the {wanted.layer} layer" if wanted.layer else "it names no layer")
    return said


def _told(text: str) -> str:
    """Plain text as the timeline holds it: escaped like a message."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
