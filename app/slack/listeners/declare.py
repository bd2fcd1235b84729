"""Declaring an incident: the form, and its submission."""

from __future__ import annotations

import asyncio

from app.domain.errors import NotFound
from app.domain.incident import Archetype, Kind, Severity, SystemType, Visibility
from app.domain.notices import Opening
from app.services.declare import Declaration
from app.slack.form_values import people, texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import chosen
from app.slack.listeners.register import options_of
from app.slack.views.declare import declare_form, opening_view

AGAIN = Again("Declare an incident", Action.DECLARE_OPEN, "new")
# Long enough for Slack to have shown the answer to the submission.
SETTLED_SECONDS = 0.5


async def open_form(ask: Ask, title: str = "") -> None:
    await ask.open(declare_form(title=title, systems=await options_of(ask)), AGAIN)


async def submit(ask: Ask) -> None:
    """Declare, and show at once that it works; the channel's link takes the place of that when it exists."""
    incident = await ask.services.declare.submit(ask.actor, _declaration(ask))
    await ask.answer_form(opening_view(Opening(incident)))
    await _once_more(ask, incident.key)


async def _once_more(ask: Ask, key: str) -> None:
    """The room can be ready before Slack has drawn our answer, which would then hide the link."""
    await asyncio.sleep(SETTLED_SECONDS)
    try:
        now = await ask.services.board.incident(ask.actor, key)
    except NotFound:
        # A restricted one whose private channel could not be made; the form says so by now.
        return
    if now.channel_id is not None:
        await ask.replace(str(ask.view["id"]), opening_view(Opening(now)))


def _declaration(ask: Ask) -> Declaration:
    entered = texts(ask.view)
    system_type = entered.get("system_type")
    return Declaration(
        title=entered.get("title", ""),
        severity=chosen(Severity, entered.get("severity")),
        summary=entered.get("summary", ""),
        archetype=chosen(Archetype, entered.get("archetype"), Archetype.UNSURE),
        system_type=chosen(SystemType, system_type) if system_type else None,
        system=entered.get("system"),
        visibility=chosen(Visibility, entered.get("visibility"), Visibility.PUBLIC),
        kind=chosen(Kind, entered.get("kind"), Kind.REAL),
        invite=people(ask.view, "invite"),
        view_id=ask.view.get("id"),
    )
