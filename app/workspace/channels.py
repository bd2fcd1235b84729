"""Making, naming, filling and archiving channels."""

import re

from app.workspace import announce, messages
from app.workspace.errors import SlackError
from app.workspace.model import Channel, ChannelKind, Note
from app.workspace.state import State

NAME_LENGTH = 80
NOTE_LENGTH = 250


def check_name(state: State, name: str) -> None:
    """Refuse a name that no channel may have, or that one already has (archived ones too)."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME_LENGTH:
        raise SlackError("invalid_name_maxlength")
    if name != name.lower() or re.fullmatch(r"[\w-]+", name) is None:
        raise SlackError("invalid_name_specials")
    if re.fullmatch(r"[_-]+", name):
        raise SlackError("invalid_name_punctuation")
    if any(one.kind != "im" and one.name == name for one in state.channels.values()):
        raise SlackError("name_taken")


def create(state: State, name: str, kind: ChannelKind, creator: str) -> Channel:
    """A new channel with its creator as the only member."""
    check_name(state, name)
    channel = Channel(state.ids.next("C"), name, kind, creator, state.now_seconds)
    state.channels[channel.id] = channel
    if kind == "public":
        announce.channel_created(state, channel)
    _tell(state, channel, "created")
    join(state, channel, creator)
    return channel


def direct(state: State, one: str, other: str) -> Channel:
    """The direct conversation of two users, opened now if there was none."""
    for channel in state.channels.values():
        if channel.kind == "im" and set(channel.members) == {one, other}:
            return channel
    channel = Channel(state.ids.next("D"), "", "im", one, state.now_seconds, members=[one, other])
    state.channels[channel.id] = channel
    _tell(state, channel, "created")
    return channel


def join(state: State, channel: Channel, user: str, inviter: str = "") -> None:
    """Let a user into a channel; members stay as they are."""
    if user in channel.members:
        return
    channel.members.append(user)
    _tell(state, channel, "members")
    extra = {"inviter": inviter} if inviter else {}
    messages.system(state, channel, user, "channel_join", f"<@{user}> has joined the channel", **extra)
    announce.membership(state, channel, user, joined=True, inviter=inviter)


def leave(state: State, channel: Channel, user: str) -> None:
    """Take a user out of a channel."""
    channel.members.remove(user)
    _tell(state, channel, "members")
    messages.system(state, channel, user, "channel_leave", f"<@{user}> has left the channel")
    announce.membership(state, channel, user, joined=False)


def archive(state: State, channel: Channel, by: str) -> None:
    """Close a channel for new messages; its name stays taken."""
    if channel.archived:
        raise SlackError("already_archived")
    if channel.general:
        raise SlackError("cant_archive_general")
    messages.system(state, channel, by, "channel_archive", f"<@{by}> archived the channel")
    channel.archived = True
    _tell(state, channel, "archived")
    announce.channel_lifecycle(state, channel, "archive", by)


def unarchive(state: State, channel: Channel, by: str) -> None:
    """Open an archived channel again."""
    if not channel.archived:
        raise SlackError("not_archived")
    channel.archived = False
    messages.system(state, channel, by, "channel_unarchive", f"<@{by}> un-archived the channel")
    _tell(state, channel, "unarchived")
    announce.channel_lifecycle(state, channel, "unarchive", by)


def rename(state: State, channel: Channel, name: str, by: str) -> None:
    """Give a channel another name."""
    check_name(state, name)
    old, channel.name = channel.name, name
    channel.previous_names.append(old)
    text = f'<@{by}> has renamed the channel from "{old}" to "{name}"'
    messages.system(state, channel, by, "channel_name", text, old_name=old, name=name)
    _tell(state, channel, "renamed")
    announce.channel_lifecycle(state, channel, "rename", by)


def set_topic(state: State, channel: Channel, topic: str, by: str) -> None:
    """Set a channel's topic, at most 250 characters."""
    channel.topic = _note(state, topic, by)
    text = f"<@{by}> set the channel topic: {topic}"
    messages.system(state, channel, by, "channel_topic", text, topic=topic)
    _tell(state, channel, "topic")


def set_purpose(state: State, channel: Channel, purpose: str, by: str) -> None:
    """Set a channel's purpose, at most 250 characters."""
    channel.purpose = _note(state, purpose, by)
    text = f"<@{by}> set the channel purpose: {purpose}"
    messages.system(state, channel, by, "channel_purpose", text, purpose=purpose)
    _tell(state, channel, "purpose")


def _note(state: State, value: str, by: str) -> Note:
    if len(value) > NOTE_LENGTH:
        raise SlackError("too_long")
    return Note(value, by, state.now_seconds)


def _tell(state: State, channel: Channel, change: str) -> None:
    state.changes.tell("channel", channel=channel.id, change=change)
