"""A question to an incident's record; only the asker sees the answer."""

from __future__ import annotations

from app.slack.blocks import safe_line
from app.slack.listeners.ask import Ask
from app.slack.listeners.place import key_and, meant
from app.slack.messages import render


async def command(ask: Ask, words: str) -> None:
    """`ask QUESTION`"""
    await ask.take()
    incident, question = await meant(ask, words, "ask how many customers saw it?")
    text, blocks = render(await ask.services.questions.ask(ask.actor, incident.key, question))
    await ask.say(text, blocks)


async def raise_pressed(ask: Ask) -> None:
    """Put the question on the list of unknowns."""
    await ask.take()
    key, question = key_and(ask.value)
    unknown = await ask.services.unknowns.raise_(ask.actor, key, question)
    await ask.say(f"Unknown {unknown.number} of {key}: {safe_line(question, 500)}")
