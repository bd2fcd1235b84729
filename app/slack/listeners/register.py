"""The register of AI systems: looked up, searched, added to and changed, also during an incident."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Incident, number_of
from app.slack.form_values import input_names, people, texts
from app.slack.ids import Action
from app.slack.inputs import Option, option
from app.slack.listeners.ask import Again, Ask
from app.slack.messages.register import register_blocks, sheet_blocks
from app.slack.views.notice import notice_view
from app.slack.views.register import MOST_OPTIONS, add_form, given_in, name_system_form, system_form, system_options


async def command(ask: Ask, words: str) -> None:
    """`register [list|show KEY|search WORDS|add]`; a key alone opens it, other words are searched for."""
    await ask.take()
    verb, _, rest = words.strip().partition(" ")
    if verb == "add":
        await _open_add(ask, await _incident_here(ask))
    elif verb == "show" and rest.strip():
        await _show(ask, rest)
    elif verb in ("", "list", "show", "search"):
        await _show_list(ask, rest.strip())
    else:
        await _nearest(ask, words.strip())


async def open_list(ask: Ask) -> None:
    await ask.take()
    await _show_list(ask, "")


async def open_sheet(ask: Ask) -> None:
    await ask.take()
    await _show(ask, ask.value)


async def open_add(ask: Ask) -> None:
    """The button's value is the incident during which it is added, or `new`."""
    await ask.take()
    named = number_of(ask.value) is not None
    await _open_add(ask, await ask.services.board.incident(ask.actor, ask.value) if named else None)


async def open_change(ask: Ask) -> None:
    await ask.take()
    sheet = await ask.services.register.sheet(ask.actor, ask.value)
    await ask.open(system_form(sheet.standing.system), Again("Change it", Action.REGISTER_CHANGE, ask.value))


async def open_name(ask: Ask) -> None:
    """Which system an incident is about; where the register is empty, the form that adds it."""
    await ask.take()
    incident = await ask.services.board.incident(ask.actor, ask.value)
    systems = await options_of(ask)
    if not systems:
        await _open_add(ask, incident)
        return
    await ask.open(name_system_form(incident, systems), Again("Name the system", Action.REGISTER_NAME, incident.key))


async def submit(ask: Ask) -> None:
    """Keep what the form says, and show the entry in its place."""
    key, incident_key = ask.remembered.get("system"), ask.remembered.get("key")
    given = given_in(input_names(ask.view), texts(ask.view), lambda name: people(ask.view, name))
    system = await ask.services.register.save(ask.actor, given, key=key, incident_key=incident_key)
    sheet = await ask.services.register.sheet(ask.actor, system.key)
    await ask.answer_form(notice_view("AI system", sheet_blocks(sheet)))


async def submit_name(ask: Ask) -> None:
    await ask.services.register.name(ask.actor, ask.key, texts(ask.view).get("system", ""))
    await ask.take()


async def offer(ask: Ask) -> None:
    """The systems that fit what somebody has typed so far."""
    systems = await ask.services.register.entries(ask.actor, str(ask.body.get("value") or ""))
    await ask.take(options=[option(*one) for one in system_options(systems[:MOST_OPTIONS])])


async def options_of(ask: Ask) -> Sequence[Option]:
    """What a select of systems shows."""
    return system_options(await ask.services.register.entries(ask.actor))


async def _show_list(ask: Ask, words: str) -> None:
    systems = await ask.services.register.entries(ask.actor, words)
    await ask.show("AI register", "The register of AI systems", register_blocks(systems, words))


async def _nearest(ask: Ask, words: str) -> None:
    systems = await ask.services.register.entries(ask.actor, words)
    exact = next((one for one in systems if one.key == words.lower()), None)
    if exact is not None:
        await _show(ask, exact.key)
    else:
        await ask.show("AI register", "The register of AI systems", register_blocks(systems, words))


async def _show(ask: Ask, key: str) -> None:
    sheet = await ask.services.register.sheet(ask.actor, key)
    system = sheet.standing.system
    await ask.show("AI system", f"{system.key} in the register of AI systems", sheet_blocks(sheet))


async def _open_add(ask: Ask, incident: Incident | None) -> None:
    value = incident.key if incident else "new"
    await ask.open(add_form(incident), Again("Add a system", Action.REGISTER_ADD, value))


async def _incident_here(ask: Ask) -> Incident | None:
    """The incident of this channel, where its system is still to be registered."""
    actor = ask.actor
    here = await ask.services.board.by_channel(actor.team, actor.channel) if actor.channel else None
    if here is None or not here.open:
        return None
    known = {one.key for one in await ask.services.register.entries(actor)}
    return None if here.system in known else here
