"""The private checklist of whoever took or was given a role."""

from __future__ import annotations

from app.domain.notices import Checklist
from app.domain.roles import Role
from app.slack.blocks import actions, button, channel_mention, mention, safe, safe_line, section, sections
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import headline, role_name


@render.register
def checklist(notice: Checklist) -> Rendered:
    """The role, the note of the one before, and the first steps."""
    incident = notice.incident
    name = role_name(notice.role)
    where = f" in {channel_mention(incident.channel_id)}" if incident.channel_id else ""
    blocks = [section(f"You are now *{name}* of {incident.key}{where}.\n{headline(incident)}")]
    if notice.note.strip():
        blocks.append(section(f"Handed over by {mention(notice.given_by)}: {safe(notice.note, 2000)}"))
    steps = [f"{number}. {safe_line(step)}" for number, step in enumerate(notice.steps, 1)]
    blocks += sections(["*What to do first*", *steps])
    clocks = [button("Notification clocks", Action.CLOCKS_OPEN, incident.key)] if notice.role is Role.LEGAL else []
    blocks.append(actions(button("Roles", Action.ROLE_PANEL, incident.key), *clocks))
    return f"You are now {name} of {incident.key}", blocks
