"""conversations.*: making channels, naming them and choosing who is in."""

from app.workspace import channels, shapes
from app.workspace.errors import SlackError
from app.workspace.model import Channel, Json
from app.workspace.web_api.invocation import Invocation, method, missing_scope

INVITED_AT_ONCE = 100


def _kind_scope(call: Invocation, needed: str) -> None:
    if needed not in call.state.app.scopes:
        raise missing_scope(call.state, frozenset({needed}))


def _not_direct(channel: Channel) -> Channel:
    if channel.kind == "im":
        raise SlackError("method_not_supported_for_channel_type")
    return channel


@method("conversations.create")
def create(call: Invocation) -> Json:
    """A new channel with the bot in it."""
    private = call.flag("is_private")
    _kind_scope(call, "groups:write" if private else "channels:manage")
    name = call.text("name")
    channel = channels.create(call.state, name, "private" if private else "public", call.bot)
    return {"channel": shapes.channel(call.state, channel)}


@method("conversations.archive")
def archive(call: Invocation) -> Json:
    """Archive a channel the bot is in."""
    channels.archive(call.state, _not_direct(call.joined_channel()), call.bot)
    return {}


@method("conversations.unarchive")
def unarchive(call: Invocation) -> Json:
    """Bring an archived channel back."""
    channels.unarchive(call.state, _not_direct(call.channel()), call.bot)
    return {}


@method("conversations.rename")
def rename(call: Invocation) -> Json:
    """Give a channel another name."""
    channel = _not_direct(call.open_channel())
    channels.rename(call.state, channel, call.text("name"), call.bot)
    return {"channel": shapes.channel(call.state, channel)}


@method("conversations.setTopic")
def set_topic(call: Invocation) -> Json:
    """Set a channel's topic."""
    channel = _not_direct(call.open_channel())
    channels.set_topic(call.state, channel, call.text("topic"), call.bot)
    return {"channel": shapes.channel(call.state, channel)}


@method("conversations.setPurpose")
def set_purpose(call: Invocation) -> Json:
    """Set a channel's purpose."""
    channel = _not_direct(call.open_channel())
    channels.set_purpose(call.state, channel, call.text("purpose"), call.bot)
    return {"channel": shapes.channel(call.state, channel)}


def _uninvitable(call: Invocation, channel: Channel, user_id: str) -> str:
    user = call.state.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user_id == call.bot:
        return "cant_invite_self"
    if user.deleted:
        return "cant_invite"
    return "already_in_channel" if user_id in channel.members else ""


@method("conversations.invite")
def invite(call: Invocation) -> Json:
    """Bring people in; one bad id stops it, unless `force` is set and somebody remains."""
    channel = _not_direct(call.open_channel())
    users = call.names("users")
    if not users:
        raise SlackError("no_user")
    if len(users) > INVITED_AT_ONCE:
        raise SlackError("too_many_users")
    reasons = {user: _uninvitable(call, channel, user) for user in users}
    bad = [{"user": user, "ok": False, "error": why} for user, why in reasons.items() if why]
    good = [user for user, why in reasons.items() if not why]
    if bad and not (call.flag("force") and good):
        raise SlackError(str(bad[0]["error"]), errors=bad)
    for user in good:
        channels.join(call.state, channel, user, call.bot)
    answer: Json = {"channel": shapes.channel(call.state, channel)}
    return answer | {"errors": bad} if bad else answer


@method("conversations.kick")
def kick(call: Invocation) -> Json:
    """Put somebody out."""
    channel = _not_direct(call.joined_channel())
    user = call.required("user")
    if user == call.bot:
        raise SlackError("cant_kick_self")
    if user not in call.state.users:
        raise SlackError("user_not_found")
    if channel.general:
        raise SlackError("cant_kick_from_general")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    channels.leave(call.state, channel, user)
    return {"errors": {}}


@method("conversations.join")
def join(call: Invocation) -> Json:
    """Let the bot into a public channel."""
    channel = call.channel()
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    already = call.bot in channel.members
    channels.join(call.state, channel, call.bot)
    answer: Json = {"channel": shapes.channel(call.state, channel)}
    note = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer | note if already else answer


@method("conversations.leave")
def leave(call: Invocation) -> Json:
    """Take the bot out of a channel."""
    channel = _not_direct(call.channel())
    if channel.general:
        raise SlackError("cant_leave_general")
    if channel.archived:
        raise SlackError("is_archived")
    if call.bot not in channel.members:
        return {"not_in_channel": True}
    channels.leave(call.state, channel, call.bot)
    return {}


@method("conversations.open")
def open_direct(call: Invocation) -> Json:
    """Open the direct conversation of the bot and one person."""
    if call.text("channel"):
        return {"channel": shapes.channel(call.state, call.channel())}
    users = call.names("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("too_many_users")
    _kind_scope(call, "im:write")
    user = call.state.users.get(users[0])
    if user is None:
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot:
        raise SlackError("invalid_user_combination")
    channel = channels.direct(call.state, user.id, call.bot)
    shown = shapes.channel(call.state, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown}
