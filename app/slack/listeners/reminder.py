"""Snoozing and dismissing the nudges of a promised update."""

from __future__ import annotations

from app.slack.listeners.ask import Ask
from app.slack.listeners.place import number_in
from app.slack.words import promise_line


async def snooze(ask: Ask) -> None:
    await ask.take()
    incident = await ask.services.nudges.snooze(ask.actor, number_in(ask.value))
    await ask.say(f"Snoozed. {promise_line(incident.next_update_at)}; later ones keep their times.")


async def dismiss(ask: Ask) -> None:
    await ask.take()
    await ask.services.nudges.dismiss(ask.actor, number_in(ask.value))
    await ask.say("Dismissed: nobody is reminded of this update again. The next one is reminded of as usual.")
