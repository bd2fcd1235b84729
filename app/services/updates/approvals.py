"""Approvals of an update: given one by one, refused with a reason that says who can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.approval import Need, Why, missing, to_give
from app.domain.columns import instant
from app.domain.errors import Conflict, Invalid, NotAllowed
from app.domain.incident import Incident
from app.domain.roles import ROLE_NAMES, Role
from app.domain.status_update import StatusUpdate, UpdateStatus
from app.ports.store import UnitOfWork
from app.services.actor import Actor
from app.services.record_keeping import keep_audit, keep_entry
from app.services.situation import holders_of

_COMMAND = "/ai-incident role @person ROLE"
WHY_MAX = 500


async def give_approval(
    uow: UnitOfWork, incident: Incident, update: StatusUpdate, actor: Actor, now: datetime, why: str
) -> None:
    """Give the approval that is the actor's to give; with the last one the update is approved.

    `why`: the reason for approving in spite of a hard problem; needed where there is one. Raises NotAllowed naming who
    can, Conflict when they gave theirs already or a hard problem needs a reason, Invalid for a reason too long.
    """
    holders = await holders_of(uow, incident)
    need = to_give(actor.user, update, holders)
    if need is None:
        raise _refused(actor, update, missing(update, holders))
    why = _reason(update, why)
    stood_in = _stood_in(need, actor, holders)
    given = {
        "role": need.role.value,
        "by": actor.user,
        "at": instant(now),
        "standing_in": stood_in.value if stood_in else None,
        "because": need.why.value if stood_in else "",
        "why": why,
    }
    update.approvals = [*update.approvals, given]
    left = missing(update, holders)
    if not left:
        update.status, update.approved_by, update.approved_at = UpdateStatus.APPROVED, _speaker(update), now
    await keep_audit(uow, incident, actor, now, ("update.approved", f"update:{update.version}"), given)
    await keep_entry(uow, incident, actor, now, _told(update, need, stood_in, why, left))


def hard_problems(update: StatusUpdate) -> Sequence[Mapping[str, object]]:
    """The problems that keep the update from being approved without a reason."""
    return [problem for problem in update.problems if problem.get("hard")]


def _reason(update: StatusUpdate, why: str) -> str:
    why = " ".join(why.split())
    if len(why) > WHY_MAX:
        raise Invalid(f"The reason has {len(why)} characters; at most {WHY_MAX} fit.", field="reason")
    overridden = any(one.get("why") for one in update.approvals)
    if hard_problems(update) and not why and not overridden:
        raise Conflict(
            f"Update {update.version} breaks the rules for {update.audience.value}. Edit it, or approve it with a "
            "reason. Nothing was changed."
        )
    return why if hard_problems(update) else ""


def _stood_in(need: Need, actor: Actor, holders: Mapping[Role, str]) -> Role | None:
    return None if holders.get(need.role) == actor.user else need.asked[actor.user]


def _speaker(update: StatusUpdate) -> str:
    """Whose approval counts as the one for comms."""
    return next(str(one["by"]) for one in update.approvals if one["role"] == Role.COMMS)


_BECAUSE: Mapping[Why, str] = {
    Why.VACANT: "nobody has that role",
    Why.WROTE: "whoever has that role wrote the text alone",
    Why.GAVE: "whoever has that role gave the other approval",
}


def _told(update: StatusUpdate, need: Need, stood_in: Role | None, why: str, left: Sequence[Need]) -> str:
    text = f"Approved update {update.version} for {update.audience.value}"
    if left or len(update.approvals) > 1:
        text += f", for {short(need.role)}"
    if stood_in is not None:
        text += f", standing in as {short(stood_in)} for the {named(need.role)}: {_BECAUSE[need.why]}"
    if why:
        text += f", in spite of what the rules for {update.audience.value} say: {why.rstrip('.')}"
    if left:
        text += f". Still needed: {', '.join(short(one.role) for one in left)}"
    return f"{text}."


def _refused(actor: Actor, update: StatusUpdate, left: Sequence[Need]) -> NotAllowed | Conflict:
    if any(one["by"] == actor.user for one in update.approvals):
        return Conflict(f"You approved update {update.version} already. {_asked(left[0])} Nothing was changed.")
    if [actor.user] == update.written_by and all(need.why in (Why.WROTE, Why.NOBODY) for need in left):
        people = _people(left[0])
        todo = f": ask {people}." if people else f". {_asked(left[0])}"
        return NotAllowed(f"You wrote this text alone, so somebody else approves it{todo} Nothing was changed.")
    return NotAllowed(f"{_asked(left[0], others_only=True)} Nothing was changed.")


def _asked(need: Need, *, others_only: bool = False) -> str:
    """Who can give it, and what to do."""
    people = _people(need)
    role = named(need.role)
    if need.why is Why.UNFILLED:
        return (
            f"Nobody can approve this update yet: that takes the {role}, or the commander while there is none. "
            "Take one of these roles on the incident card first."
        )
    if need.why is Why.NOBODY and others_only:
        return (
            "This takes a second person with a role in the incident: take one on the incident card, and you can "
            "approve this update."
        )
    if need.why is Why.NOBODY:
        return (
            f"Nobody else has a role in this incident: bring a second person in and give them one with `{_COMMAND}`, "
            "or draft again and store the drafter's own words."
        )
    if need.why is Why.VACANT:
        return (
            f"There is no {role}, so only the commander can approve this update: ask {people}, or take the "
            f"{short(need.role)} role yourself."
        )
    if need.why is Why.HOLDER:
        return f"Only the {role} can approve this update: ask {people}."
    because = "wrote the text alone" if need.why is Why.WROTE else "gave the other approval"
    return f"Whoever holds the role of {role} {because}, so somebody else with a role approves: ask {people}."


def _people(need: Need) -> str:
    return " or ".join(f"<@{user}>" for user in need.asked)


def named(role: Role) -> str:
    """The role in the middle of a sentence."""
    name = ROLE_NAMES[role]
    return name[0].lower() + name[1:]


def short(role: Role) -> str:
    """The role in one word or two."""
    return "technical lead" if role is Role.TECH else role.value
