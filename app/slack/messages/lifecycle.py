"""Changes of status and severity, told in the channel."""

from __future__ import annotations

from app.domain.incident import Incident
from app.domain.notices import StatusChanged
from app.slack.blocks import Block, actions, button, context, mention, safe, safe_line, section
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import sign_of

SHOWN_OPEN = 12


@render.register
def status_changed(notice: StatusChanged) -> Rendered:
    """What changed, why, by whom, and what is unfinished."""
    incident = notice.incident
    change = " and ".join(_changes(notice)) or f"stays {incident.status}"
    text = f"{sign_of(incident)} *{incident.key} {change}*"
    if notice.reason.strip():
        text += f"\n{safe(notice.reason, 1500)}"
    blocks = [section(text)]
    if notice.still_open:
        blocks += _still_open(incident, notice)
    if notice.fix:
        blocks.append(context(f"🧪 {safe_line(notice.fix)}"))
    blocks.append(context(f"By {mention(notice.by)}"))
    return f"{incident.key} {change}", blocks


def _changes(notice: StatusChanged) -> list[str]:
    incident = notice.incident
    changes = []
    if notice.before != incident.status:
        changes.append(f"is {incident.status} (was {notice.before})")
    if notice.severity_before != incident.severity.value:
        changes.append(f"is {incident.severity.upper()} (was {notice.severity_before.upper()})")
    return changes


def _still_open(incident: Incident, notice: StatusChanged) -> list[Block]:
    shown = [f"• {safe_line(one)}" for one in notice.still_open[:SHOWN_OPEN]]
    more = len(notice.still_open) - SHOWN_OPEN
    lines = ["*Still open*", *shown, *([f"• and {more} more"] if more > 0 else [])]
    return [
        section("\n".join(lines)),
        actions(
            button("Unknowns", Action.UNKNOWN_OPEN, incident.key),
            button("Postmortem", Action.POSTMORTEM_OPEN, incident.key),
        ),
    ]
