"""What an incident looks like: asked for in the declare form, taken or changed on the card."""

from __future__ import annotations

from app.domain.incident import Archetype, Severity, SystemType
from app.services.suggestions.suggestions import Choice
from app.slack.form_values import texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import chosen
from app.slack.listeners.register import options_of
from app.slack.views.declare import declare_form
from app.slack.views.suggestion import suggestion_form


async def ask_in_form(ask: Ask) -> None:
    """Say in the declare form what its words suggest; what was entered stays."""
    await ask.take()
    entered = texts(ask.view)
    title, summary = entered.get("title", ""), entered.get("summary", "")
    suggestion = ask.services.suggestions.of(f"{title}\n{summary}")
    form = declare_form(title=title, summary=summary, systems=await options_of(ask), suggestion=suggestion)
    await ask.replace(str(ask.view["id"]), form)


async def take(ask: Ask) -> None:
    await ask.take()
    await ask.services.suggestions.take(ask.actor, ask.value)


async def open_change(ask: Ask) -> None:
    await ask.take()
    incident, offer = await ask.services.suggestions.standing(ask.actor, ask.value)
    await ask.open(suggestion_form(incident, offer), Again("What is it?", Action.SUGGESTION_CHANGE, incident.key))


async def submit_change(ask: Ask) -> None:
    """Set what the form says."""
    entered = texts(ask.view)
    system_type = entered.get("system_type")
    choice = Choice(
        archetype=chosen(Archetype, entered.get("archetype")),
        system_type=chosen(SystemType, system_type) if system_type else None,
        severity=chosen(Severity, entered.get("severity")),
    )
    await ask.services.suggestions.change(ask.actor, ask.key, choice)
    await ask.take()
