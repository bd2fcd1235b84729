"""The panel: an incident at a glance for one person, with every action."""

from __future__ import annotations

from app.domain.incident import Incident
from app.domain.notices import Panel
from app.domain.roles import Role
from app.slack.blocks import Block, actions, button, channel_mention, mention, safe_line, section, when
from app.slack.ids import Action
from app.slack.messages.clocks import deadline_line
from app.slack.messages.dispatch import Rendered, render
from app.slack.messages.register import gap_block, system_line
from app.slack.messages.status_update import review_buttons
from app.slack.words import SHORT_ROLES, counted, headline, point, promise_line, state_line

SHOWN_UNKNOWNS = 5


@render.register
def panel(notice: Panel) -> Rendered:
    """The state, the update that waits for a decision, and every action."""
    blocks = [*state_blocks(notice)]
    waiting = notice.waiting_update
    buttons = review_buttons(waiting) if waiting else None
    if waiting and buttons:
        blocks += [section(f"Update {waiting.version} is {waiting.status}, not published yet."), buttons]
    blocks += _buttons(notice)
    return point(notice.incident), blocks


def state_blocks(notice: Panel) -> list[Block]:
    """The state alone, for `status`."""
    incident = notice.incident
    blocks = [
        section(f"{headline(incident)}\n{state_line(incident, notice.system.name if notice.system else '')}"),
        section(_facts(notice)),
    ]
    unknowns = _unknowns(notice)
    blocks += gap_block(incident, notice.system)
    return [*blocks, section(unknowns)] if unknowns else blocks


def _facts(notice: Panel) -> str:
    held = [f"{SHORT_ROLES[role]} {mention(user)}" for role, user in notice.holders.items()]
    vacant = [SHORT_ROLES[role] for role in Role if role not in notice.holders]
    lines = [("Roles: " + ", ".join(held)) if held else "Nobody holds a role yet"]
    if vacant and held:
        lines.append("Vacant: " + ", ".join(vacant))
    if notice.system:
        lines.append(system_line(notice.system))
    if notice.incident.open:
        lines.append(promise_line(notice.incident.next_update_at))
    lines += _special(notice)
    if notice.last_update and notice.last_update.published_at:
        lines.append(f"Last update {when(notice.last_update.published_at)}")
    if still := sum(one.open for one in notice.follow_ups):
        lines.append(counted(still, "open follow-up"))
    if notice.incident.channel_id:
        lines.append(f"In {channel_mention(notice.incident.channel_id)}")
    return "\n".join(lines)


def _special(notice: Panel) -> list[str]:
    """What incidents of AI systems have and others don't."""
    lines = [f"⏳ {deadline_line(notice.deadline)}"] if notice.deadline is not None else []
    lines += [f"Cascade: {safe_line(notice.cascade)}"] if notice.cascade else []
    return [*lines, f"🧪 {safe_line(notice.fix)}"] if notice.fix else lines


def _unknowns(notice: Panel) -> str:
    still = [one for one in notice.unknowns if one.answered_at is None]
    if not still:
        return ""
    shown = [f"{one.number}. {safe_line(one.text, 200)}" for one in still[:SHOWN_UNKNOWNS]]
    more = len(still) - len(shown)
    return "\n".join([f"*{counted(len(still), 'open unknown')}*", *shown, *([f"and {more} more"] if more else [])])


def _buttons(notice: Panel) -> list[Block]:
    incident = notice.incident
    key = incident.key
    return [
        actions(*_first_row(incident)),
        actions(
            *([button("Contain…", Action.CONTAINMENT_OPEN, key)] if incident.open else []),
            button("Postmortem", Action.POSTMORTEM_OPEN, key)
            if notice.postmortem
            else button("Draft postmortem", Action.POSTMORTEM_DRAFT, key),
            button("Triage pack", Action.TRIAGE_OPEN, key),
            button("Follow-ups", Action.FOLLOW_UP_OPEN, key),
            *([button("System", Action.REGISTER_SHOW, notice.system.key)] if notice.system else []),
            button("Trials", Action.TRIAL_OPEN, key),
            button("Playbook", Action.PLAYBOOK_OPEN, key),
            button("Notification clocks", Action.CLOCKS_OPEN, key),
            button("All open incidents", Action.LIST_OPEN, "open"),
            button("Catch up", Action.CATCH_UP, key),
            button("Help", Action.HELP_OPEN, "help"),
        ),
    ]


def _first_row(incident: Incident) -> list[Block]:
    key = incident.key
    draft = [button("Draft update", Action.UPDATE_DRAFT, key, "primary")] if incident.open else []
    return [
        *draft,
        button("Status & severity", Action.LIFECYCLE_OPEN, key),
        button("Roles", Action.ROLE_PANEL, key),
        button("Unknowns", Action.UNKNOWN_OPEN, key),
        button("Add an entry", Action.ENTRY_OPEN, key),
    ]
