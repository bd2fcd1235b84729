"""Looking: the panel, the state, the list of open incidents, the help."""

from __future__ import annotations

from app.slack.blocks import Block, section
from app.slack.ids import COMMAND
from app.slack.listeners.ask import Ask
from app.slack.listeners.place import meant
from app.slack.messages import render
from app.slack.messages.help import help_blocks, unknown_command
from app.slack.messages.panel import state_blocks
from app.slack.views.home import incident_block
from app.slack.words import counted, point

LISTED = 20


async def open_panel(ask: Ask) -> None:
    await ask.take()
    await show_panel(ask, ask.value)


async def show_panel(ask: Ask, key: str) -> None:
    panel = await ask.services.board.panel(ask.actor, key)
    text, blocks = render(panel)
    await ask.show(panel.incident.key, text, blocks)


async def status_command(ask: Ask, words: str) -> None:
    await ask.take()
    incident, _ = await meant(ask, words, "status")
    panel = await ask.services.board.panel(ask.actor, incident.key)
    await ask.say(point(panel.incident), state_blocks(panel))


async def list_command(ask: Ask, _words: str) -> None:
    await open_list(ask)


async def open_list(ask: Ask) -> None:
    """The open incidents that the asker may see, their own first."""
    await ask.take()
    incidents = await ask.services.board.open_incidents(ask.actor)
    if not incidents:
        text = f"No incident is open. `{COMMAND}` declares one."
        await ask.show("Open incidents", text, [section(text)])
        return
    text = f"{counted(len(incidents), 'incident is', 'incidents are')} open"
    more = len(incidents) - LISTED
    blocks: list[Block] = [section(f"*{text}*"), *[incident_block(one) for one in incidents[:LISTED]]]
    await ask.show("Open incidents", text, [*blocks, *([section(f"and {more} more, on App Home")] if more > 0 else [])])


async def help_command(ask: Ask, _words: str) -> None:
    await open_help(ask)


async def open_help(ask: Ask) -> None:
    await ask.take()
    await ask.show("Help", f"What {COMMAND} can do", help_blocks())


async def not_understood(ask: Ask, word: str) -> None:
    """Help, with the nearest command first."""
    await ask.take()
    text = unknown_command(word)
    await ask.say(text, [section(text), *help_blocks()])
