"""What the declarer is told directly: the room is being set up, it is ready, or nothing could be declared."""

from __future__ import annotations

from app.domain.notices import DeclarationFailed, Opening
from app.slack.blocks import Block, actions, button, channel_mention, safe, safe_line, section
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import headline


@render.register
def opening(notice: Opening) -> Rendered:
    incident = notice.incident
    if incident.channel_id is None:
        return f"Opening {incident.key}…", opening_blocks(notice)
    return f"{incident.key} is open.", opening_blocks(notice)


def opening_blocks(notice: Opening) -> list[Block]:
    """The same in the form and in a message."""
    incident = notice.incident
    if incident.channel_id is None:
        state = f"Opening {incident.key}… The incident is recorded; its channel appears here in a moment."
    else:
        state = f"{incident.key} is open: {channel_mention(incident.channel_id)}"
    return [section(f"{state}\n{headline(incident)}")]


@render.register
def failed(notice: DeclarationFailed) -> Rendered:
    return f"Nothing was declared: {safe_line(notice.reason, 500)}", [
        *failed_blocks(notice),
        actions(button("Declare again", Action.DECLARE_OPEN, "new", "primary")),
    ]


def failed_blocks(notice: DeclarationFailed) -> list[Block]:
    return [
        section(f"*Nothing was declared.* {safe(notice.reason, 1500)}"),
        section(f"Your title, to use again: {safe_line(notice.title, 500)}"),
    ]
