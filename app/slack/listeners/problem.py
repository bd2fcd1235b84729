"""Trying a failed step again."""

from __future__ import annotations

from app.slack.blocks import section
from app.slack.listeners.ask import Ask
from app.slack.listeners.place import number_in


async def retry(ask: Ask) -> None:
    await ask.take()
    await ask.services.problems.retry(ask.actor, number_in(ask.value))
    text = "It is being tried again. You are told if it fails once more."
    await ask.show("Trying again", text, [section(text)])
