"""What the app hears of, and in which words."""

from app.workspace import shapes
from app.workspace.model import Channel, Json, Message
from app.workspace.scopes import EVENT_SCOPES
from app.workspace.state import State

CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im"}
_MESSAGE_EVENTS = {"public": "message.channels", "private": "message.groups", "im": "message.im"}


def _granted(state: State, name: str) -> bool:
    needed = EVENT_SCOPES.get(name, frozenset())
    subscribed = state.app.installed and name in state.app.events
    return subscribed and (not needed or bool(needed & state.app.scopes))


def announce(state: State, name: str, event: Json, channel: Channel | None = None) -> None:
    """Send an event to the app if it subscribed to `name` and, with a channel, its bot is a member."""
    if not _granted(state, name):
        return
    if channel is not None and state.app.bot_user_id not in channel.members:
        return
    number = state.ids.next("Ev")
    authorization = {
        "enterprise_id": None,
        "team_id": state.team.id,
        "user_id": state.app.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    envelope: Json = {
        "token": "local-workspace",
        "team_id": state.team.id,
        "context_team_id": state.team.id,
        "context_enterprise_id": None,
        "api_app_id": state.app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": number,
        "event_time": state.now_seconds,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{number}",
    }
    state.events.publish(envelope)


def _message_event(state: State, channel: Channel, event: Json) -> None:
    event |= {"channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind]}
    announce(state, _MESSAGE_EVENTS[channel.kind], event, channel)


def message_posted(state: State, message: Message) -> None:
    """Tell the app of a new message, and of its being mentioned."""
    channel = state.channels[message.channel_id]
    shape = shapes.message(state, message) | {"event_ts": message.ts}
    _message_event(state, channel, dict(shape))
    by_person = message.bot_id is None and message.subtype in (None, "file_share")
    if by_person and channel.kind != "im" and f"<@{state.app.bot_user_id}" in message.text:
        announce(state, "app_mention", shape | {"type": "app_mention", "channel": channel.id}, channel)


def message_changed(state: State, message: Message, previous: Json) -> None:
    """Tell the app that a message reads differently now."""
    ts = state.timestamps.next()
    event: Json = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": ts, "event_ts": ts}
    event |= {"message": shapes.message(state, message), "previous_message": previous}
    _message_event(state, state.channels[message.channel_id], event)


def message_deleted(state: State, channel: Channel, previous: Json) -> None:
    """Tell the app that a message is gone."""
    ts = state.timestamps.next()
    event: Json = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": ts, "event_ts": ts}
    event |= {"deleted_ts": previous["ts"], "previous_message": previous}
    _message_event(state, channel, event)


def reaction(state: State, message: Message, user: str, name: str, added: bool) -> None:
    """Tell the app of a reaction given or taken back."""
    kind = "reaction_added" if added else "reaction_removed"
    event: Json = {"type": kind, "user": user, "reaction": name, "item_user": message.user}
    event["item"] = {"type": "message", "channel": message.channel_id, "ts": message.ts}
    event["event_ts"] = state.timestamps.next()
    announce(state, kind, event, state.channels[message.channel_id])


def pin(state: State, message: Message, user: str, added: bool) -> None:
    """Tell the app of a pin set or removed."""
    kind = "pin_added" if added else "pin_removed"
    item: Json = {"type": "message", "channel": message.channel_id, "created_by": user}
    item |= {"created": state.now_seconds, "message": shapes.message(state, message)}
    event: Json = {"type": kind, "user": user, "channel_id": message.channel_id, "item": item}
    event["event_ts"] = state.timestamps.next()
    announce(state, kind, event, state.channels[message.channel_id])


def membership(state: State, channel: Channel, user: str, joined: bool, inviter: str = "") -> None:
    """Tell the app that somebody came or went; `inviter` empty when they came by themselves."""
    kind = "member_joined_channel" if joined else "member_left_channel"
    event: Json = {"type": kind, "user": user, "channel": channel.id, "team": state.team.id}
    event |= {"channel_type": "C" if channel.kind == "public" else "G", "event_ts": state.timestamps.next()}
    if inviter:
        event["inviter"] = inviter
    announce(state, kind, event, channel)


def channel_lifecycle(state: State, channel: Channel, what: str, user: str) -> None:
    """Tell the app that a channel was archived, unarchived or renamed: `what` is that verb's root."""
    kind = f"{'channel' if channel.kind == 'public' else 'group'}_{what}"
    event: Json = {"type": kind, "event_ts": state.timestamps.next()}
    if what == "rename":
        event["channel"] = {"id": channel.id, "name": channel.name, "created": channel.created}
    else:
        event |= {"channel": channel.id, "user": user}
    announce(state, kind, event, channel)


def channel_created(state: State, channel: Channel) -> None:
    """Tell the app of a new public channel; it need not be in it."""
    about: Json = {"id": channel.id, "name": channel.name, "created": channel.created}
    about["creator"] = channel.creator
    event: Json = {"type": "channel_created", "channel": about, "event_ts": state.timestamps.next()}
    announce(state, "channel_created", event)
