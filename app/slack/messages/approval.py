"""Who has approved an update, and who still has to."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.approval import Need, Why
from app.domain.roles import Role
from app.slack.blocks import Block, context, mention

_NAMES = {Role.COMMS: "comms", Role.LEGAL: "legal"}
_WAITS = {
    Why.HOLDER: "waits for {people}",
    Why.VACANT: "nobody has that role, {people} stands in",
    Why.WROTE: "wrote the text alone, so {people} stands in",
    Why.GAVE: "gave the other one, so {people} stands in",
    Why.NOBODY: "takes a second person, and nobody else has a role here yet",
    Why.UNFILLED: "nobody has that role, nor the commander's",
}


def approval_lines(needs: Sequence[Need]) -> list[Block]:
    """One line with every approval that it takes; none where nothing is known of them."""
    return [context("Approval · " + " · ".join(_line(need) for need in needs))] if needs else []


def _line(need: Need) -> str:
    name = _NAMES.get(need.role, need.role.value)
    if need.by is not None:
        stood_in = f", standing in as {need.standing_in.value}" if need.standing_in else ""
        return f"✅ {name}: {mention(need.by)}{stood_in}"
    people = " or ".join(mention(user) for user in need.asked)
    return f"⏳ {name}: {_WAITS[need.why].format(people=people)}"
