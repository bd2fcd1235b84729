"""The triage pack, and bringing people in."""

from __future__ import annotations

from app.domain.errors import NotFound
from app.slack.listeners.ask import Ask
from app.slack.listeners.place import key_and, meant


async def command(ask: Ask, words: str) -> None:
    """`triage`"""
    await ask.take()
    incident, _ = await meant(ask, words, "triage")
    await _gather(ask, incident.key)


async def gather_again(ask: Ask) -> None:
    """The pack, from a button."""
    await ask.take()
    await _gather(ask, ask.value)


async def _gather(ask: Ask, key: str) -> None:
    incident = await ask.services.triage.ask(ask.actor, key)
    where = f"<#{incident.channel_id}>" if incident.channel_id else "its channel, once that is there"
    await ask.say(f"The triage pack of {incident.key} is being gathered anew in {where}.")


async def bring_in(ask: Ask) -> None:
    """Invite the person of the button; who acted hears that it was done."""
    await ask.take()
    key, user = key_and(ask.value)
    if not user.isalnum():
        raise NotFound("That button is too old to be used. Nothing was changed.")
    incident = await ask.services.escalation.bring_in(ask.actor, key, user)
    await ask.say(f"<@{user}> is invited to {incident.key} and told why.")


async def answer(ask: Ask) -> None:
    """The person who was brought in is on it."""
    await ask.take()
    incident = await ask.services.escalation.answer(ask.actor, ask.value)
    where = f"<#{incident.channel_id}>" if incident.channel_id else "its channel"
    await ask.say(f"Noted: you are on {incident.key}. It is in {where}.")
