"""chat.*: posting, changing, deleting and linking to messages."""

from app.workspace import channels, messages, pictures, shapes
from app.workspace.authorship import as_app, by_app
from app.workspace.content import (
    TEXT_CHARACTERS,
    checked_attachments,
    checked_blocks,
    checked_metadata,
    content,
    words,
)
from app.workspace.errors import SlackError
from app.workspace.model import Channel, Json, Message
from app.workspace.web_api.invocation import Invocation, method, missing, missing_scope

EDITED_TEXT_CHARACTERS = 4_000


def _destination(call: Invocation) -> Channel:
    """Where to post: a channel by id or name, or a person, which means the conversation with them."""
    ref = call.required("channel")
    user = call.state.users.get(ref)
    if user is not None:
        if user.is_bot:
            raise SlackError("cannot_dm_bot")
        return channels.direct(call.state, user.id, call.bot)
    channel = call.state.channel(ref)
    member = call.bot in channel.members
    if channel.kind != "public" and not member:
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    if not member and "chat:write.public" not in call.state.app.scopes:
        raise SlackError("not_in_channel")
    return channel


def _warned(call: Invocation, answer: Json) -> Json:
    if len(call.text("text")) <= TEXT_CHARACTERS:
        return answer
    return answer | {"warning": "message_truncated"} | {"response_metadata": {"warnings": ["message_truncated"]}}


def _costume(call: Invocation) -> Json:
    if not call.text("username") and not call.text("icon_emoji") and not call.text("icon_url"):
        return {}
    if "chat:write.customize" not in call.state.app.scopes:
        raise missing_scope(call.state, frozenset({"chat:write.customize"}))
    return {"username": call.text("username") or None}


@method("chat.postMessage")
def post_message(call: Invocation) -> Json:
    """Post a message for everybody in a channel."""
    channel = _destination(call)
    shown = content(call.state, call.args) | as_app(call.state) | _costume(call)
    shown |= {"metadata": checked_metadata(call.args.get("metadata"))}
    shown |= {"thread_ts": call.text("thread_ts") or None, "broadcast": call.flag("reply_broadcast")}
    pictures.share(call.state, channel, shown["blocks"])
    message = messages.post(call.state, channel, call.bot, shown.pop("text"), **shown)
    shape = shapes.message(call.state, message, with_metadata=True)
    return _warned(call, {"channel": channel.id, "ts": message.ts, "message": shape})


@method("chat.postEphemeral")
def post_ephemeral(call: Invocation) -> Json:
    """Post a message that one member of a channel sees."""
    channel = _destination(call)
    user = call.required("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    if len(call.text("text")) > TEXT_CHARACTERS:
        raise SlackError("msg_too_long")
    shown = content(call.state, call.args) | as_app(call.state) | {"ephemeral_to": user}
    shown["thread_ts"] = call.text("thread_ts") or None
    message = messages.whisper(call.state, channel, call.bot, shown.pop("text"), **shown)
    return {"message_ts": message.ts}


def _own(call: Invocation, refusal: str) -> Message:
    channel = call.channel()
    message = channel.messages.get(call.required("ts"))
    if message is None or message.tombstone:
        raise SlackError("message_not_found")
    if not by_app(call.state, message) or message.subtype not in (None, "file_share"):
        raise SlackError(refusal)
    return message


def _changes(call: Invocation, message: Message) -> Json:
    if all(call.args.get(name) in (None, "") for name in ("text", "markdown_text", "blocks", "attachments")):
        raise SlackError("no_text")
    changed: Json = {}
    if call.text("text") or call.text("markdown_text"):
        changed["text"] = words(call.args)
    if call.args.get("blocks") is not None:
        changed["blocks"] = checked_blocks(call.state, call.args["blocks"])
    if call.args.get("attachments") is not None:
        changed["attachments"] = checked_attachments(call.args["attachments"])
    if call.args.get("metadata") is not None:
        given = call.json("metadata")
        changed["metadata"] = checked_metadata(given) if given else None
    left = {"text": message.text, "blocks": message.blocks, "attachments": message.attachments} | changed
    if not (left["text"] or left["blocks"] or left["attachments"]):
        raise SlackError("no_text")
    return changed


@method("chat.update")
def update(call: Invocation) -> Json:
    """Change one of the app's messages; what is not given stays, and an empty list takes blocks away."""
    message = _own(call, "cant_update_message")
    if len(call.text("text")) > EDITED_TEXT_CHARACTERS:
        raise SlackError("msg_too_long")
    messages.edit(call.state, message, call.bot, **_changes(call, message))
    shape = shapes.message(call.state, message, with_metadata=True)
    return {"channel": message.channel_id, "ts": message.ts, "text": message.text, "message": shape}


@method("chat.delete")
def delete(call: Invocation) -> Json:
    """Delete one of the app's messages."""
    message = _own(call, "cant_delete_message")
    messages.delete(call.state, message)
    return {"channel": message.channel_id, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(call: Invocation) -> Json:
    """The address of a message."""
    ts = call.text("message_ts")
    if not ts:
        raise missing("message_ts")
    channel = call.channel()
    message = call.state.message(channel.id, ts)
    return {"channel": channel.id, "permalink": shapes.permalink(call.state, message)}
