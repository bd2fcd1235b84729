"""Posting, editing, deleting, reacting to and pinning messages."""

from typing import Any

from app.workspace import announce, shapes
from app.workspace.errors import SlackError
from app.workspace.model import Channel, Json, Message, Pin
from app.workspace.state import State


def thread_root(channel: Channel, thread_ts: str | None) -> str | None:
    """The first message's ts of the thread that `thread_ts` lies in; None for no thread."""
    if not thread_ts:
        return None
    parent = channel.messages.get(thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.subtype is not None and parent.subtype.startswith("channel_"):
        raise SlackError("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def post(state: State, channel: Channel, user: str, text: str, **rest: Any) -> Message:
    """Put a message into a channel for everybody; `rest` are further fields of `Message`."""
    rest["thread_ts"] = thread_root(channel, rest.get("thread_ts"))
    message = Message(channel.id, state.timestamps.next(), user, text, **rest)
    if message.thread_ts:
        channel.messages[message.thread_ts].thread_ts = message.thread_ts
    channel.messages[message.ts] = message
    _tell(state, message, "posted")
    announce.message_posted(state, message)
    return message


def whisper(state: State, channel: Channel, user: str, text: str, **rest: Any) -> Message:
    """Put a message into a channel that only `ephemeral_to` (among `rest`) sees."""
    message = Message(channel.id, state.timestamps.next(), user, text, **rest)
    channel.ephemerals[message.ts] = message
    _tell(state, message, "posted")
    return message


def system(state: State, channel: Channel, user: str, subtype: str, text: str, **extra: Any) -> Message:
    """Put a line of Slack's own into a channel, such as that somebody joined."""
    return post(state, channel, user, text, subtype=subtype, extra=extra)


def edit(state: State, message: Message, by: str, **changed: Any) -> None:
    """Change fields of a message; `by` is the editor."""
    previous = shapes.message(state, message)
    for name, value in changed.items():
        setattr(message, name, value)
    message.edited = {"user": by, "ts": state.timestamps.next()}
    _tell(state, message, "changed")
    if message.ephemeral_to is None:
        announce.message_changed(state, message, previous)


def unfurl(state: State, message: Message, title: str) -> None:
    """Hang a preview of a link on a message, which the app hears of as a change that is no edit."""
    previous = shapes.message(state, message)
    message.attachments = [*message.attachments, {"id": len(message.attachments) + 1, "title": title}]
    _tell(state, message, "changed")
    announce.message_changed(state, message, previous)


def delete(state: State, message: Message) -> None:
    """Remove a message; a thread's first message stays as a tombstone while it has replies."""
    channel = state.channels[message.channel_id]
    if message.ephemeral_to is not None:
        channel.ephemerals.pop(message.ts, None)
        _tell(state, message, "deleted")
        return
    previous = shapes.message(state, message)
    channel.pins = [pin for pin in channel.pins if pin.ts != message.ts]
    if any(reply.is_reply and reply.thread_ts == message.ts for reply in channel.messages.values()):
        _bury(message)
        _tell(state, message, "deleted")
        announce.message_changed(state, message, previous)
        return
    del channel.messages[message.ts]
    _tell(state, message, "deleted")
    announce.message_deleted(state, channel, previous)


def _bury(message: Message) -> None:
    message.tombstone = True
    message.text = ""
    message.blocks = []
    message.files = []
    message.attachments = []
    message.reactions = {}
    message.metadata = None


def react(state: State, message: Message, user: str, name: str) -> None:
    """Add a reaction; refuses a second one of the same person."""
    users = message.reactions.setdefault(name, [])
    if user in users:
        raise SlackError("already_reacted")
    users.append(user)
    _tell(state, message, "reaction")
    announce.reaction(state, message, user, name, added=True)


def unreact(state: State, message: Message, user: str, name: str) -> None:
    """Take a reaction back; refuses where there is none."""
    users = message.reactions.get(name, [])
    if user not in users:
        raise SlackError("no_reaction")
    users.remove(user)
    if not users:
        del message.reactions[name]
    _tell(state, message, "reaction")
    announce.reaction(state, message, user, name, added=False)


def pin(state: State, message: Message, user: str) -> None:
    """Pin a message to its channel; refuses a second time."""
    channel = state.channels[message.channel_id]
    if any(one.ts == message.ts for one in channel.pins):
        raise SlackError("already_pinned")
    if len(channel.pins) >= 100:
        raise SlackError("too_many_pins")
    channel.pins.append(Pin(message.ts, user, state.now_seconds))
    _tell(state, message, "pinned")
    announce.pin(state, message, user, added=True)


def unpin(state: State, message: Message, user: str) -> None:
    """Take a pin off; refuses where there is none."""
    channel = state.channels[message.channel_id]
    if all(one.ts != message.ts for one in channel.pins):
        raise SlackError("no_pin")
    channel.pins = [one for one in channel.pins if one.ts != message.ts]
    _tell(state, message, "unpinned")
    announce.pin(state, message, user, added=False)


def _tell(state: State, message: Message, change: str) -> None:
    what: Json = {"channel": message.channel_id, "ts": message.ts, "change": change}
    state.changes.tell("message", user=message.ephemeral_to, **what)
