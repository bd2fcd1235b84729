"""What the command can do, told to whoever asks or mistypes."""

from __future__ import annotations

from app.slack.blocks import Block, actions, button, safe_line, sections
from app.slack.commands import SUBCOMMANDS, nearest
from app.slack.ids import COMMAND, Action


def help_blocks() -> list[Block]:
    """Every subcommand with what it does, and what reactions mean."""
    lines = [
        f"*{COMMAND}* alone declares an incident; in an incident's channel it shows that incident's panel.",
        *[f"`{' '.join(part for part in (one.name, one.usage) if part)}`  {one.does}" for one in SUBCOMMANDS],
        "Outside an incident's channel, name the incident first: `status INC-7`.",
        "Reactions mark a message: 📌 milestone, 👀 observation, 💡 hypothesis, ❌ ruled out, 🎯 decision, "
        "🛠️ action, ❓ unknown, ✅ answered, 📎 evidence.",
    ]
    declare = button("Declare an incident", Action.DECLARE_OPEN, "new")
    return [*sections(lines), actions(declare, button("Open incidents", Action.LIST_OPEN, "open"))]


def unknown_command(word: str) -> str:
    """That there is no such subcommand, and the nearest there is."""
    near = nearest(word)
    hint = f" Did you mean `{COMMAND} {near}`?" if near else ""
    return f"There is no `{safe_line(word, 40)}`.{hint}"
