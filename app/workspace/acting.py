"""What a person does in Slack that the app is asked about: commands, presses, shortcuts."""

from dataclasses import dataclass
from typing import Any

from app.workspace import announce, channels, elements, forms, payloads, responses, shapes
from app.workspace.asking import ask
from app.workspace.errors import AppFailureError, NotOnScreenError, SlackError
from app.workspace.model import Channel, Json, Message, User, View
from app.workspace.state import State


@dataclass(frozen=True)
class CommandResult:
    """The app's immediate answer to a command: its body, the message it became (None for none)."""

    body: Any
    message: Message | None
    trigger_id: str
    response_url: str


async def command(state: State, user: User, channel: Channel, name: str, text: str) -> CommandResult:
    """Send a slash command and show the answer that comes with the acknowledgement."""
    if state.app.commands and name not in state.app.commands:
        raise NotOnScreenError(f"{name} is not a command here, only {sorted(state.app.commands)}")
    payload = payloads.command(state, user, channel, name, text)
    answer = await ask(state, "slash_commands", payload)
    message = _said(state, payload, answer.body)
    return CommandResult(answer.body, message, payload["trigger_id"], payload["response_url"])


def _said(state: State, payload: Json, body: Any) -> Message | None:
    if body in (None, {}):
        return None
    shown = body if isinstance(body, dict) else {"text": str(body)}
    token = payload["response_url"].partition("/respond/")[2]
    try:
        return responses.apply(state, state.response_urls.peek(token), shown)
    except SlackError as refused:
        raise AppFailureError("bad_answer", f"{refused.code}: {refused.details}") from refused


async def press(state: State, user: User, where: Message | View, place: tuple[Json, Json], choice: Any) -> None:
    """Use a button, menu or other element; `place` is its block and itself."""
    block, element = place
    action: Json = {"action_id": element["action_id"], "block_id": block["block_id"]}
    action |= {"action_ts": state.timestamps.next()}
    if element["type"] in elements.CHOICES:
        action |= await forms.choose(state, user, where, (block["block_id"], element), choice)
    else:
        action |= {key: element[key] for key in ("type", "text", "value", "style") if key in element}
    payload = payloads.interaction(state, "block_actions", user)
    if isinstance(where, View):
        payload |= payloads.in_view(state, where)
        payload["trigger_id"] = state.triggers.issue(user.id, where.id)
    else:
        payload |= payloads.in_message(state, user, where)
        payload["trigger_id"] = state.triggers.issue(user.id)
    payload["actions"] = [action]
    await ask(state, "interactive", payload)


async def shortcut(state: State, user: User, callback_id: str) -> None:
    """Use a global shortcut."""
    _declared(state, callback_id, "global")
    payload = payloads.interaction(state, "shortcut", user)
    payload |= {"callback_id": callback_id, "action_ts": state.timestamps.next()}
    payload["trigger_id"] = state.triggers.issue(user.id)
    await ask(state, "interactive", payload)


async def message_shortcut(state: State, user: User, callback_id: str, message: Message) -> None:
    """Use a shortcut of a message's menu."""
    _declared(state, callback_id, "message")
    await ask(state, "interactive", payloads.message_shortcut(state, user, callback_id, message))


def _declared(state: State, callback_id: str, kind: str) -> None:
    there = [one.callback_id for one in state.app.shortcuts if one.kind == kind]
    if state.app.shortcuts and callback_id not in there:
        raise NotOnScreenError(f"no {kind} shortcut {callback_id} here, only {there}")


def open_home(state: State, user: User) -> None:
    """Look at the app's Home tab."""
    channel = channels.direct(state, user.id, state.app.bot_user_id)
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
    event["event_ts"] = state.timestamps.next()
    home = state.homes.get(user.id)
    if home is not None:
        event["view"] = shapes.view(state, home)
    announce.announce(state, "app_home_opened", event)
