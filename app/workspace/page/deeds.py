"""What a person can do on the page, each deed by its name."""

import binascii
from base64 import b64decode
from collections.abc import Awaitable, Callable
from typing import Any

from app.workspace import elements
from app.workspace.errors import NotOnScreenError
from app.workspace.model import Json, Message, View
from app.workspace.page.wording import BadRequestError
from app.workspace.person import Person
from app.workspace.workspace import Workspace


class Request:
    """One deed: who, in which workspace, and with what; `text` and `maybe` read fields of the body."""

    def __init__(self, workspace: Workspace, person: Person, body: Json) -> None:
        self.workspace = workspace
        self.person = person
        self.body = body

    def text(self, name: str) -> str:
        """A field that must be there and be text."""
        value = self.body.get(name)
        if not isinstance(value, str):
            raise BadRequestError(f"{name} must be text")
        return value

    def maybe(self, name: str) -> str | None:
        """A field that may be missing or null, else is text."""
        return None if self.body.get(name) is None else self.text(name)

    def view(self) -> View:
        """The open view of this person that the body's `view` names; `NotOnScreenError`."""
        view_id = self.text("view")
        home = self.person.home()
        for one in [*self.workspace.modals.get(self.person.id, []), *([home] if home else [])]:
            if one.id == view_id:
                return one
        raise NotOnScreenError("this form is closed already")

    def where(self) -> Message | View:
        """The view, or else the message, that the body names."""
        if self.body.get("view") is not None:
            return self.view()
        return self.person.message(self.text("channel"), self.text("ts"))


Deed = Callable[[Request], Awaitable[Json]]
DEEDS: dict[str, Deed] = {}


def deed(one: Deed) -> Deed:
    """Make a coroutine function reachable under its own name."""
    DEEDS[one.__name__] = one
    return one


def _files(listed: Any) -> list[tuple[str, bytes]]:
    if not isinstance(listed, list):
        raise BadRequestError("files must be a list")
    try:
        return [(str(one["name"]), b64decode(one["content"], validate=True)) for one in listed]
    except (TypeError, KeyError, binascii.Error) as broken:
        raise BadRequestError("each file has a name and its content in base64") from broken


@deed
async def say(ask: Request) -> Json:
    """Post a message, in a thread with `thread_ts`, with `files` attached."""
    files = _files(ask.body.get("files") or [])
    broadcast = ask.body.get("broadcast") is True
    ts = await ask.person.say(ask.text("channel"), ask.text("text"), ask.maybe("thread_ts"), files, broadcast)
    return {"ts": ts}


@deed
async def edit(ask: Request) -> Json:
    """Change the words of an own message."""
    await ask.person.edit(ask.text("channel"), ask.text("ts"), ask.text("text"))
    return {}


@deed
async def delete(ask: Request) -> Json:
    """Delete an own message."""
    await ask.person.delete(ask.text("channel"), ask.text("ts"))
    return {}


@deed
async def react(ask: Request) -> Json:
    """Add a reaction."""
    await ask.person.react(ask.text("channel"), ask.text("ts"), ask.text("name"))
    return {}


@deed
async def unreact(ask: Request) -> Json:
    """Take a reaction back."""
    await ask.person.unreact(ask.text("channel"), ask.text("ts"), ask.text("name"))
    return {}


@deed
async def pin(ask: Request) -> Json:
    """Pin a message to its channel."""
    await ask.person.pin(ask.text("channel"), ask.text("ts"))
    return {}


@deed
async def join(ask: Request) -> Json:
    """Enter a public channel."""
    await ask.person.join(ask.text("channel"))
    return {}


@deed
async def leave(ask: Request) -> Json:
    """Leave a channel."""
    await ask.person.leave(ask.text("channel"))
    return {}


@deed
async def invite(ask: Request) -> Json:
    """Bring somebody into a channel."""
    await ask.person.invite(ask.text("channel"), ask.text("user"))
    return {}


@deed
async def create_channel(ask: Request) -> Json:
    """Make a channel, private with `private`; answers with its id."""
    made = await ask.person.create_channel(ask.text("name"), ask.body.get("private") is True)
    return {"channel": made.id}


@deed
async def command(ask: Request) -> Json:
    """Run a slash command in a channel."""
    name = ask.text("name")
    known = ask.workspace.app.commands
    if known and name not in known:
        raise NotOnScreenError(f"{name} is no command of this workspace; there is {', '.join(sorted(known))}")
    await ask.person.command(name, ask.text("text"), ask.text("channel"))
    return {}


@deed
async def shortcut(ask: Request) -> Json:
    """Use a global shortcut."""
    await ask.person.shortcut(ask.text("callback_id"))
    return {}


@deed
async def message_shortcut(ask: Request) -> Json:
    """Use a shortcut on a message."""
    await ask.person.message_shortcut(ask.text("callback_id"), ask.text("channel"), ask.text("ts"))
    return {}


def _fields(view: View, values: Any) -> dict[str, Any]:
    """The entered values that belong to the view as it stands, as `Person.fill` takes them."""
    if not isinstance(values, dict) or not all(isinstance(one, dict) for one in values.values()):
        raise BadRequestError("values must map block_id to action_id to a choice")
    there: dict[str, list[str]] = {}
    for block, element in elements.inputs(view.blocks):
        there.setdefault(block["block_id"], []).append(element["action_id"])
    fields: dict[str, Any] = {}
    for block_id, actions in there.items():
        entered = {name: values[block_id][name] for name in actions if name in values.get(block_id, {})}
        if entered:
            fields[block_id] = entered if len(actions) > 1 else entered[actions[0]]
    return fields


@deed
async def press(ask: Request) -> Json:
    """Use an element of a message or view; in a view the `values` entered so far go along."""
    where = ask.where()
    if isinstance(where, View):
        await ask.person.fill(where, _fields(where, ask.body.get("values") or {}))
    await ask.person.press(where, ask.text("action_id"), ask.body.get("value"), ask.maybe("block_id"))
    return {}


@deed
async def suggest(ask: Request) -> Json:
    """The options an external menu offers for what was typed."""
    return {"options": await ask.person.suggest(ask.where(), ask.text("action_id"), ask.text("query"))}


@deed
async def submit(ask: Request) -> Json:
    """Send a form; answers with what became of it."""
    view = ask.view()
    sent = await ask.person.submit(view, _fields(view, ask.body.get("values") or {}))
    return {"action": sent.action, "errors": sent.errors}


@deed
async def close(ask: Request) -> Json:
    """Dismiss a modal."""
    await ask.person.close(ask.view())
    return {}


@deed
async def open_home(ask: Request) -> Json:
    """Look at the app's Home tab."""
    await ask.person.open_home()
    return {}
