"""Who has to approve an update, who may, and who has.

The everyday update stays quick: what the drafter wrote and a person submitted unchanged was written by the drafter, so
for responders and leadership the comms lead alone approves it, whoever pressed *Draft*: two presses at three in the
morning. Only somebody who wrote or changed the text needs a second person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.roles import Role
from app.domain.status_update import Audience, StatusUpdate

NEEDED: Mapping[Audience, Sequence[Role]] = {
    Audience.RESPONDERS: (Role.COMMS,),
    Audience.LEADERSHIP: (Role.COMMS,),
    Audience.CUSTOMERS: (Role.COMMS, Role.LEGAL),
    Audience.REGULATOR: (Role.COMMS, Role.LEGAL),
}
_STAND_INS = (Role.COMMANDER, Role.COMMS, Role.LEGAL, Role.TECH, Role.SCRIBE)


class Why(StrEnum):
    """Why an approval is asked of whom it is asked of."""

    HOLDER = "holder"
    VACANT = "vacant"
    WROTE = "wrote"
    GAVE = "gave"
    NOBODY = "nobody"
    UNFILLED = "unfilled"


@dataclass(frozen=True)
class Need:
    """One approval: given (`by`), or waited for from any of `asked` (user: the role they have).

    `why` HOLDER: the role's holder gives it. VACANT: nobody has the role, the commander stands in. WROTE, GAVE: whoever
    would give it wrote the text alone, or gave the other approval, so anybody else with a role stands in. NOBODY: there
    is no such person. UNFILLED: neither the role nor the commander's is held.
    """

    role: Role
    why: Why
    by: str | None = None
    asked: Mapping[str, Role] = field(default_factory=dict)
    standing_in: Role | None = None


def needs_of(update: StatusUpdate, holders: Mapping[Role, str]) -> Sequence[Need]:
    """Every approval that the update's audience asks for, given or not. `holders`: who has which role now."""
    given = {one["role"]: one for one in update.approvals}
    return [
        _given(given[role]) if role in given else _wanted(role, update, holders) for role in NEEDED[update.audience]
    ]


def missing(update: StatusUpdate, holders: Mapping[Role, str]) -> Sequence[Need]:
    """The approvals still to be given."""
    return [need for need in needs_of(update, holders) if need.by is None]


def to_give(user: str, update: StatusUpdate, holders: Mapping[Role, str]) -> Need | None:
    """The approval that this person may give now, their own role's first; None when it takes somebody else."""
    theirs = [need for need in missing(update, holders) if user in need.asked]
    return min(theirs, key=lambda need: need.asked[user] is not need.role, default=None)


def _given(approval: Mapping[str, str | None]) -> Need:
    stood_in = approval.get("standing_in")
    return Need(
        Role(approval["role"] or ""),
        Why.VACANT if stood_in else Why.HOLDER,
        by=approval["by"],
        asked={},
        standing_in=Role(stood_in) if stood_in else None,
    )


def _wanted(role: Role, update: StatusUpdate, holders: Mapping[Role, str]) -> Need:
    own, first = holders.get(role), holders.get(role) or holders.get(Role.COMMANDER)
    if first is None:
        return Need(role, Why.UNFILLED, asked={})
    gave = {str(one["by"]) for one in update.approvals}
    if first not in gave | _alone(update):
        return Need(role, Why.HOLDER if own else Why.VACANT, asked={first: role if own else Role.COMMANDER})
    others = _others(holders, gave | _alone(update))
    if not others:
        return Need(role, Why.NOBODY, asked={})
    return Need(role, Why.GAVE if first in gave else Why.WROTE, asked=others)


def _alone(update: StatusUpdate) -> set[str]:
    """Whose approval would be the only one of a text that is theirs alone."""
    single = len(NEEDED[update.audience]) == 1
    return set(update.written_by) if single and len(update.written_by) == 1 else set()


def _others(holders: Mapping[Role, str], barred: Collection[str]) -> Mapping[str, Role]:
    found: dict[str, Role] = {}
    for role in _STAND_INS:
        user = holders.get(role)
        if user is not None and user not in barred:
            found.setdefault(user, role)
    return found
