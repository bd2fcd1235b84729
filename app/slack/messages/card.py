"""The pinned card of an incident."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.incident import Incident
from app.domain.notices import Card
from app.domain.roles import Role
from app.slack.blocks import Block, actions, button, context, mention, safe, section, when
from app.slack.ids import Action
from app.slack.messages.clocks import deadline_line
from app.slack.messages.containment import containment_lines, stop_lines
from app.slack.messages.dispatch import Rendered, render
from app.slack.messages.playbook import playbook_line
from app.slack.messages.register import gap_block
from app.slack.messages.suggestion import suggestion_blocks
from app.slack.words import SHORT_ROLES, counted, headline, point, promise_line, role_name, state_line


@render.register
def card(notice: Card) -> Rendered:
    """Short: the state, the roles, the promise, and the way to everything else."""
    incident = notice.incident
    top = f"{headline(incident)}\n{state_line(incident, notice.system.name if notice.system else '')}"
    blocks = [section(top), *containment_lines(notice.containments)]
    if incident.summary.strip():
        blocks.append(section(safe(incident.summary, 600)))
    blocks.append(section(_now_line(notice)))
    blocks += suggestion_blocks(incident, notice.suggestion)
    blocks += gap_block(incident, notice.system)
    if notice.playbook is not None and incident.open:
        blocks.append(context(playbook_line(notice.playbook)))
    if notice.deadline is not None:
        blocks.append(context(f"⏳ {deadline_line(notice.deadline)}"))
    blocks += role_blocks(incident, notice.holders)
    blocks += stop_lines(incident, notice.system, notice.containments)
    blocks.append(_buttons(incident))
    blocks.append(context(f"Declared by {mention(incident.declared_by)}, {when(incident.declared_at)}"))
    return point(incident), blocks


def _now_line(notice: Card) -> str:
    parts = [promise_line(notice.incident.next_update_at)] if notice.incident.open else []
    parts.append(counted(notice.open_unknowns, "open unknown") if notice.open_unknowns else "No open unknowns")
    if notice.last_update and notice.last_update.published_at:
        parts.append(f"last update {when(notice.last_update.published_at)}")
    return " · ".join(parts)


def role_blocks(incident: Incident, holders: Mapping[Role, str]) -> list[Block]:
    """Who holds which role on one block, then one line with a Take button for each that is vacant."""
    held = [f"*{role_name(role)}* {mention(holders[role])}" for role in Role if role in holders]
    blocks = [section("\n".join(held))] if held else []
    if not incident.open:
        return blocks
    return blocks + [_vacant(incident, role) for role in Role if role not in holders]


def _vacant(incident: Incident, role: Role) -> Block:
    take = button(f"Take {SHORT_ROLES[role]}", Action.ROLE_CLAIM, f"{incident.key}:{role}")
    return section(f"*{role_name(role)}* nobody yet", take)


def _buttons(incident: Incident) -> Block:
    key = incident.key
    draft = [button("Draft update", Action.UPDATE_DRAFT, key, "primary")] if incident.open else []
    return actions(
        *draft,
        button("Status & severity", Action.LIFECYCLE_OPEN, key),
        button("Roles", Action.ROLE_PANEL, key),
        button("Unknowns", Action.UNKNOWN_OPEN, key),
        *([button("Contain…", Action.CONTAINMENT_OPEN, key)] if incident.open else []),
        *([button("Playbook", Action.PLAYBOOK_OPEN, key)] if incident.open else []),
        button("More", Action.PANEL_OPEN, key),
    )
