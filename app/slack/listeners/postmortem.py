"""Drafting and reading the postmortem."""

from __future__ import annotations

from app.domain.incident import Incident
from app.domain.postmortem import Postmortem
from app.slack.blocks import Block, section
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import meant
from app.slack.views.postmortem import no_postmortem_view, postmortem_view


async def command(ask: Ask, words: str) -> None:
    """`postmortem`: read the latest; where there is none yet, draft it."""
    await ask.take()
    incident, _ = await meant(ask, words, "postmortem")
    if await ask.services.postmortems.latest(ask.actor, incident.key) is None:
        await _draft(ask, incident.key)
    else:
        await _read(ask, incident.key)


async def open_pressed(ask: Ask) -> None:
    await ask.take()
    await _read(ask, ask.value)


async def draft_pressed(ask: Ask) -> None:
    await ask.take()
    await _draft(ask, ask.value)


async def _read(ask: Ask, key: str) -> None:
    incident = await ask.services.board.incident(ask.actor, key)
    latest = await ask.services.postmortems.latest(ask.actor, incident.key)
    view = await _shown(ask, incident, latest) if latest else no_postmortem_view(incident)
    await ask.open(view, Again("Read the postmortem", Action.POSTMORTEM_OPEN, incident.key))


async def _draft(ask: Ask, key: str) -> None:
    incident = await ask.services.board.incident(ask.actor, key)
    postmortem = await ask.services.postmortems.draft(ask.actor, incident.key)
    if ask.in_modal:
        await ask.open(await _shown(ask, incident, postmortem))
        return
    text = f"Version {postmortem.version} of the postmortem of {incident.key} is drafted."
    await ask.show("Postmortem", text, [section(text)])


async def _shown(ask: Ask, incident: Incident, postmortem: Postmortem) -> Block:
    return postmortem_view(incident, postmortem, await ask.services.postmortems.links(ask.actor, postmortem))
