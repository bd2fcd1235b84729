"""Taking, giving, handing over and releasing a role."""

from __future__ import annotations

from collections.abc import Awaitable

from app.domain.errors import IncidentError, Invalid
from app.domain.roles import Role
from app.slack.blocks import mention
from app.slack.form_values import texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import chosen, key_and, meant, person_named
from app.slack.views.roles import role_panel
from app.slack.words import role_name

_CALLED: dict[str, Role] = {
    "ic": Role.COMMANDER,
    "incident commander": Role.COMMANDER,
    "tech lead": Role.TECH,
    "technical": Role.TECH,
    "technical lead": Role.TECH,
    "comms lead": Role.COMMS,
    "communications": Role.COMMS,
    "legal liaison": Role.LEGAL,
    "compliance": Role.LEGAL,
}


async def command(ask: Ask, words: str) -> None:
    """`role @user ROLE`: give the role."""
    await ask.take()
    incident, rest = await meant(ask, words, "role @user scribe")
    user, named = person_named(rest)
    role = role_named(named)
    await ask.services.roles.give(ask.actor, incident.key, role, user)
    await ask.say(f"{role_name(role)} of {incident.key} is now {mention(user)}.")


def role_named(words: str) -> Role:
    """The role by its name, in any usual spelling. Raises Invalid naming the five."""
    name = " ".join(words.lower().replace("-", " ").split())
    known = _CALLED.get(name) or next((role for role in Role if role.value == name), None)
    if known is None:
        raise Invalid(f"The roles are {', '.join(Role)}. For example: `role @user scribe`. Nothing was changed.")
    return known


async def open_panel(ask: Ask) -> None:
    await ask.take()
    panel = await ask.services.board.panel(ask.actor, ask.value)
    await ask.open(role_panel(panel), Again("Roles", Action.ROLE_PANEL, panel.incident.key))


async def claim(ask: Ask) -> None:
    """A press on the card or in the panel; of two at the same instant one is told who was first."""
    await ask.take()
    key, named = key_and(ask.value)
    role = chosen(Role, named)
    await _then_panel(ask, key, _claimed(ask, key, role))


async def _claimed(ask: Ask, key: str, role: Role) -> str:
    await ask.services.roles.claim(ask.actor, key, role)
    return f"You are now {role_name(role)}."


async def release(ask: Ask) -> None:
    await ask.take()
    key, named = key_and(ask.value)
    role = chosen(Role, named)
    await _then_panel(ask, key, _released(ask, key, role))


async def _released(ask: Ask, key: str, role: Role) -> str:
    await ask.services.roles.release(ask.actor, key, role)
    return f"{role_name(role)} is released and can be taken."


async def assign(ask: Ask) -> None:
    """A choice in the panel's users select: given, with the note written above it."""
    await ask.take()
    role = chosen(Role, str(ask.pressed.get("block_id") or ""))
    user = str(ask.pressed.get("selected_user") or "")
    if not user:
        return
    note = texts(ask.view).get("note", "")
    await _then_panel(ask, ask.key, _given(ask, role, user, note))


async def done(ask: Ask) -> None:
    """The panel is closed; every press in it has taken effect already."""
    await ask.take()


async def _given(ask: Ask, role: Role, user: str, note: str) -> str:
    await ask.services.roles.give(ask.actor, ask.key, role, user, note)
    return f"{role_name(role)} is now {mention(user)}."


async def _then_panel(ask: Ask, key: str, act: Awaitable[str]) -> None:
    """Do it; pressed in the panel, show there what came of it, a refusal too."""
    if not ask.in_modal:
        await act
        return
    note_unused = not texts(ask.view).get("note")
    try:
        said = await act
    except IncidentError as error:
        said, note_unused = str(error), True
    panel = await ask.services.board.panel(ask.actor, key)
    await ask.replace(str(ask.view["id"]), role_panel(panel, said, with_note=note_unused))
