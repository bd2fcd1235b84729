"""Catching up with an incident, by command or by button; only the asker sees it."""

from __future__ import annotations

from app.slack.listeners.ask import Ask
from app.slack.listeners.place import meant
from app.slack.messages import render


async def command(ask: Ask, words: str) -> None:
    """`catchup`: the incident in a few lines."""
    await ask.take()
    incident, _ = await meant(ask, words, "catchup")
    await _show(ask, incident.key)


async def pressed(ask: Ask) -> None:
    await ask.take()
    await _show(ask, ask.value)


async def _show(ask: Ask, key: str) -> None:
    notice = await ask.services.catch_ups.of(ask.actor, key)
    text, blocks = render(notice)
    await ask.show(notice.incident.key, text, blocks)
