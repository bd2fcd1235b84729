"""App Home: the open incidents, mine first, and a button to declare one."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Incident
from app.slack.blocks import Block, actions, button, channel_mention, divider, header, section
from app.slack.ids import Action
from app.slack.words import counted, headline, promise_line, state_line

SHOWN = 90


def home(incidents: Sequence[Incident]) -> Block:
    """The page for one person; their own incidents come first in `incidents`."""
    blocks = [
        header("AI incidents"),
        actions(button("Declare an incident", Action.DECLARE_OPEN, "new", "primary"), _register(), _help()),
        divider(),
    ]
    if incidents:
        blocks.append(section(f"*{counted(len(incidents), 'open incident')}*, yours first"))
    else:
        blocks.append(section("No incident is open. When an AI system does something it should not, declare one."))
    blocks += [incident_block(one) for one in incidents[:SHOWN]]
    if len(incidents) > SHOWN:
        blocks.append(section(f"and {len(incidents) - SHOWN} more"))
    return {"type": "home", "blocks": blocks}


def _register() -> Block:
    return button("AI register", Action.REGISTER_LIST, "all")


def _help() -> Block:
    return button("Help", Action.HELP_OPEN, "help")


def incident_block(incident: Incident) -> Block:
    """One incident on a list, with the button that opens its panel."""
    where = f" · {channel_mention(incident.channel_id)}" if incident.channel_id else ""
    text = f"{headline(incident)}\n{state_line(incident)}{where}\n{promise_line(incident.next_update_at)}"
    return section(text, button("Panel", Action.PANEL_OPEN, incident.key))
