"""What the app is told when a person acts."""

from app.workspace import shapes
from app.workspace.model import Channel, Json, Message, User, View
from app.workspace.state import State


def channel_name(channel: Channel) -> str:
    """A channel's name as payloads give it, which keeps a private channel's real name back."""
    return {"public": channel.name, "private": "privategroup", "im": "directmessage"}[channel.kind]


def response_url(state: State, token: str) -> str:
    """The address behind a response token."""
    return f"{state.base_url}/respond/{token}"


def interaction(state: State, kind: str, user: User) -> Json:
    """What every interactive payload holds."""
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": state.team.id},
        "team": {"id": state.team.id, "domain": state.team.domain},
        "api_app_id": state.app.app_id,
        "token": "local-workspace",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(state: State, user: User, channel: Channel, name: str, text: str) -> Json:
    """A slash command; the response URL and the trigger are made now."""
    token = state.response_urls.issue(user.id, channel.id)
    return {
        "token": "local-workspace",
        "team_id": state.team.id,
        "team_domain": state.team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": state.app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url(state, token),
        "trigger_id": state.triggers.issue(user.id),
    }


def in_message(state: State, user: User, message: Message) -> Json:
    """Where an act on a message took place."""
    channel = state.channels[message.channel_id]
    token = state.response_urls.issue(user.id, channel.id, message.ts, message.thread_ts)
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = message.ephemeral_to is not None
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    where: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": response_url(state, token),
        "state": {"values": state.touched.get((user.id, message.ts), {})},
    }
    if message.ephemeral_to is None:
        where["message"] = shapes.message(state, message)
    return where


def in_view(state: State, view: View) -> Json:
    """Where an act in a modal or Home view took place."""
    return {"container": {"type": "view", "view_id": view.id}, "view": shapes.view(state, view)}


def message_shortcut(state: State, user: User, callback_id: str, message: Message) -> Json:
    """A message shortcut; the response URL and the trigger are made now."""
    channel = state.channels[message.channel_id]
    token = state.response_urls.issue(user.id, channel.id, message.ts, message.thread_ts)
    return interaction(state, "message_action", user) | {
        "callback_id": callback_id,
        "trigger_id": state.triggers.issue(user.id),
        "response_url": response_url(state, token),
        "action_ts": state.timestamps.next(),
        "message_ts": message.ts,
        "message": shapes.message(state, message),
        "channel": {"id": channel.id, "name": channel_name(channel)},
    }
