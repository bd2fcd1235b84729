"""App Home: the open incidents, mine first, and a button to declare one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.domain.incident import Incident
from app.slack.blocks import Block, actions, button, channel_mention, divider, header, section
from app.slack.ids import Action
from app.slack.words import headline, promise_line, state_line

SHOWN = 40


def home(mine: Sequence[Incident], others: Sequence[Incident]) -> Block:
    """The page for one person; `mine` are those they declared or hold a role in."""
    blocks = [
        header("AI incidents"),
        actions(button("Declare an incident", Action.DECLARE_OPEN, "new", "primary"), _help()),
    ]
    if not mine and not others:
        blocks.append(section("No incident is open. When an AI system does something it should not, declare one."))
    blocks += _group("Yours", mine[:SHOWN])
    blocks += _group("Open" if not mine else "Other open ones", others[: SHOWN - len(mine[:SHOWN])])
    hidden = len(mine) + len(others) - SHOWN
    if hidden > 0:
        blocks.append(section(f"and {hidden} more"))
    return {"type": "home", "blocks": blocks[:100]}


def _help() -> Block:
    return button("Help", Action.HELP_OPEN, "help")


def _group(title: str, incidents: Collection[Incident]) -> list[Block]:
    if not incidents:
        return []
    return [divider(), section(f"*{title}*"), *[incident_block(one) for one in incidents]]


def incident_block(incident: Incident) -> Block:
    """One incident on a list, with the button that opens its panel."""
    where = f" · {channel_mention(incident.channel_id)}" if incident.channel_id else ""
    text = f"{headline(incident)}\n{state_line(incident)}{where}\n{promise_line(incident.next_update_at)}"
    return section(text, button("Panel", Action.PANEL_OPEN, incident.key))
