"""Answers of the app to a command or press: right away, or later through a response URL."""

from app.workspace import messages
from app.workspace.authorship import as_app, by_app
from app.workspace.content import content
from app.workspace.errors import SlackError
from app.workspace.model import Channel, Json, Message
from app.workspace.state import State
from app.workspace.triggers import ResponseUrl


def apply(state: State, url: ResponseUrl, body: Json) -> Message | None:
    """Carry out an answer: a new message, or the first one replaced or deleted.

    The message is None where one was deleted. Raises `SlackError` for what Slack would refuse.
    """
    channel = state.channel(url.channel_id)
    original = _original(state, channel, url)
    if body.get("delete_original"):
        if original is not None:
            messages.delete(state, original)
        return None
    shown = content(state, body)
    if body.get("replace_original") and original is not None:
        messages.edit(state, original, state.app.bot_user_id, **shown)
        return original
    rest = shown | as_app(state)
    text = rest.pop("text")
    thread_ts = body.get("thread_ts") or None
    if body.get("response_type") == "in_channel":
        return messages.post(state, channel, state.app.bot_user_id, text, thread_ts=thread_ts, **rest)
    rest |= {"ephemeral_to": url.user, "thread_ts": thread_ts or url.thread_ts}
    return messages.whisper(state, channel, state.app.bot_user_id, text, **rest)


def _original(state: State, channel: Channel, url: ResponseUrl) -> Message | None:
    if url.message_ts is None:
        return None
    original = channel.messages.get(url.message_ts) or channel.ephemerals.get(url.message_ts)
    if original is not None and not by_app(state, original):
        raise SlackError("cant_update_message")
    return original
