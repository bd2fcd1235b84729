"""conversations.*: which channels there are, who is in them and what was said."""

from app.workspace import shapes
from app.workspace.errors import SlackError
from app.workspace.ids import ts_micros
from app.workspace.model import Channel, Json, Message
from app.workspace.web_api.invocation import Invocation, method, missing_scope
from app.workspace.web_api.paging import decode, encode, page

KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
_READ_SCOPES = {"public": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}


@method("conversations.info")
def info(call: Invocation) -> Json:
    """One channel."""
    return {"channel": shapes.channel(call.state, call.channel())}


@method("conversations.members")
def members(call: Invocation) -> Json:
    """The ids of a channel's members."""
    chosen, rest = page(call, call.channel().members, default=100)
    return {"members": chosen} | rest


def kinds(call: Invocation) -> set[str]:
    """The asked kinds of conversation; each needs its own scope."""
    asked = call.names("types") or ["public_channel"]
    if not set(asked) <= set(KINDS):
        raise SlackError("invalid_types")
    wanted = {KINDS[one] for one in asked}
    for kind in sorted(wanted):
        if _READ_SCOPES[kind] not in call.state.app.scopes:
            raise missing_scope(call.state, frozenset({_READ_SCOPES[kind]}))
    return wanted


@method("conversations.list")
def list_channels(call: Invocation) -> Json:
    """The channels the bot can see."""
    wanted = kinds(call)
    seen = [
        channel
        for channel in call.state.channels.values()
        if channel.kind in wanted
        and (channel.kind == "public" or call.bot in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]
    chosen, rest = page(call, seen, default=100)
    return {"channels": [shapes.channel(call.state, one) for one in chosen]} | rest


def _bound(call: Invocation, name: str, default: int) -> int:
    value = call.text(name)
    if not value or value == "now":
        return default
    try:
        return ts_micros(value)
    except ValueError as bad:
        raise SlackError(f"invalid_ts_{name}") from bad


def _within(call: Invocation, messages: list[Message]) -> list[Message]:
    oldest, latest = _bound(call, "oldest", 0), _bound(call, "latest", 1 << 62)
    if call.flag("inclusive"):
        return [one for one in messages if oldest <= ts_micros(one.ts) <= latest]
    return [one for one in messages if oldest < ts_micros(one.ts) < latest]


def _shown(call: Invocation, messages: list[Message]) -> list[Json]:
    with_metadata = call.flag("include_all_metadata")
    return [shapes.message(call.state, one, with_metadata) for one in messages]


def _limit(call: Invocation) -> int:
    limit = call.whole("limit", 100) or 100
    if limit < 1:
        raise SlackError("invalid_limit")
    return min(limit, 999)


@method("conversations.history")
def history(call: Invocation) -> Json:
    """What was said in a channel, newest first, without the replies in threads."""
    channel = call.joined_channel()
    said = [one for one in channel.messages.values() if not one.is_reply or one.broadcast]
    said = sorted(_within(call, said), key=lambda one: ts_micros(one.ts), reverse=True)
    if call.text("cursor"):
        bound = int(decode("next_ts", call.text("cursor")))
        said = [one for one in said if ts_micros(one.ts) <= bound]
    limit = _limit(call)
    chosen, more = said[:limit], len(said) > limit
    answer: Json = {"messages": _shown(call, chosen), "has_more": more, "pin_count": len(channel.pins)}
    answer |= {"channel_actions_ts": None, "channel_actions_count": 0}
    if more:
        following = encode("next_ts", str(ts_micros(said[limit].ts)))
        answer["response_metadata"] = {"next_cursor": following}
    return answer


def _thread(channel: Channel, ts: str) -> tuple[Message, list[Message]]:
    found = channel.messages.get(ts)
    if found is None:
        raise SlackError("thread_not_found")
    first = channel.messages[found.thread_ts] if found.is_reply and found.thread_ts else found
    replies = [one for one in channel.messages.values() if one.is_reply and one.thread_ts == first.ts]
    return first, sorted(replies, key=lambda one: ts_micros(one.ts))


@method("conversations.replies")
def replies(call: Invocation) -> Json:
    """A thread: its first message, then the replies, oldest first."""
    channel = call.joined_channel()
    first, said = _thread(channel, call.required("ts"))
    said = _within(call, said)
    if call.text("cursor"):
        bound = int(decode("next_ts", call.text("cursor")))
        said = [one for one in said if ts_micros(one.ts) >= bound]
    limit = _limit(call)
    chosen, more = said[:limit], len(said) > limit
    answer: Json = {"messages": _shown(call, [first, *chosen]), "has_more": more}
    if more:
        following = encode("next_ts", str(ts_micros(said[limit].ts)))
        answer["response_metadata"] = {"next_cursor": following}
    return answer
