"""Who has approved an update, who still has to, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.approval import Need, Why
from app.domain.roles import Role
from app.domain.status_update import Audience, StatusUpdate
from app.slack.blocks import Block, context, mention, safe_line
from app.slack.words import AUDIENCE_NAMES, counted

_NAMES = {Role.COMMS: "comms", Role.LEGAL: "legal"}
_WAITS = {
    Why.HOLDER: "waits for {people}",
    Why.VACANT: "nobody has that role, {people} stands in",
    Why.WROTE: "its holder wrote the text alone, so {people} stands in",
    Why.GAVE: "its holder gave the other approval, so {people} stands in",
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


def problem_lines(audience: Audience, problems: Sequence[Mapping[str, Any]], most: int = 4) -> list[Block]:
    """What the audience's rules say against the text, `most` of it; none where nothing stands against it."""
    if not problems:
        return []
    hard = any(one.get("hard") for one in problems)
    lines = [f"{'🚫' if hard else '⚠️'} *Not right for {AUDIENCE_NAMES[audience].lower()} yet*"]
    lines += [_problem(one) for one in problems[:most]]
    if len(problems) > most:
        lines.append(f"… and {counted(len(problems) - most, 'more such place')}")
    return [context("\n".join(lines))]


def _problem(problem: Mapping[str, Any]) -> str:
    sign = "•" if problem.get("hard") else "◦"
    found, line = safe_line(str(problem["found"]), 60), str(problem.get("line") or "")
    where = f" – in “{safe_line(line, 90)}”" if line and line != problem["found"] else ""
    return f"{sign} “{found}”: {problem['why']}{where}"


def correction_lines(update: StatusUpdate, most: int = 5) -> list[Block]:
    """How the text differs from what was published before, for whatever audience; none where it doesn't."""
    if not update.corrections:
        return []
    lines = ["↔️ *Differs from what was published*"]
    lines += [_correction(one, update.audience) for one in update.corrections[:most]]
    if len(update.corrections) > most:
        lines.append(f"… and {counted(len(update.corrections) - most, 'more difference')}")
    return [context("\n".join(lines))]


def _correction(one: Mapping[str, Any], audience: Audience) -> str:
    whom = AUDIENCE_NAMES[Audience(one["audience"])]
    now = f"now {safe_line(str(one['now']), 120)}" if one.get("now") else "which no longer holds"
    left_out = "not stated here" if one["audience"] == audience else "they need an update of their own"
    what = "stated as a correction here" if one.get("stated") else left_out
    return f"• {whom} were told “{safe_line(str(one['was']), 120)}” (update {one['version']}), {now}: {what}"
