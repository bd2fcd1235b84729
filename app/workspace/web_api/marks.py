"""pins.*, bookmarks.* and reactions.*: marks on messages and channels."""

import re

from app.workspace import messages, shapes
from app.workspace.errors import SlackError
from app.workspace.model import Bookmark, Channel, Json
from app.workspace.web_api.invocation import Invocation, method

BOOKMARKS = 100


@method("pins.add")
def add_pin(call: Invocation) -> Json:
    """Pin a message."""
    messages.pin(call.state, call.message(call.joined_channel()), call.bot)
    return {}


@method("pins.remove")
def remove_pin(call: Invocation) -> Json:
    """Take a pin off."""
    messages.unpin(call.state, call.message(call.joined_channel()), call.bot)
    return {}


@method("pins.list")
def list_pins(call: Invocation) -> Json:
    """A channel's pinned messages, newest pin first."""
    channel = call.joined_channel()
    items = []
    for pin in reversed(channel.pins):
        message = shapes.message(call.state, channel.messages[pin.ts])
        item: Json = {"type": "message", "channel": channel.id, "message": message}
        items.append(item | {"created": pin.created, "created_by": pin.by})
    return {"items": items}


def _link(call: Invocation) -> str:
    link = call.text("link")
    if re.fullmatch(r"https?://\S+", link) is None:
        raise SlackError("invalid_link")
    return link


@method("bookmarks.add")
def add_bookmark(call: Invocation) -> Json:
    """Add a link to a channel's bookmark bar."""
    channel = call.joined_channel("channel_id")
    title = call.required("title")
    if call.required("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if len(channel.bookmarks) >= BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    bookmark = Bookmark(
        call.state.ids.next("Bk"),
        channel.id,
        title,
        _link(call),
        call.text("emoji"),
        call.state.now_seconds,
        call.bot,
    )
    channel.bookmarks.append(bookmark)
    call.state.changes.tell("channel", channel=channel.id, change="bookmarks")
    return {"bookmark": shapes.bookmark(bookmark)}


def _bookmark(call: Invocation, channel: Channel) -> Bookmark:
    for bookmark in channel.bookmarks:
        if bookmark.id == call.required("bookmark_id"):
            return bookmark
    raise SlackError("not_found")


@method("bookmarks.edit")
def edit_bookmark(call: Invocation) -> Json:
    """Change a bookmark's title, link or emoji."""
    channel = call.joined_channel("channel_id")
    bookmark = _bookmark(call, channel)
    bookmark.title = call.text("title") or bookmark.title
    bookmark.emoji = call.text("emoji") or bookmark.emoji
    if call.text("link"):
        bookmark.link = _link(call)
    bookmark.updated = call.state.now_seconds
    call.state.changes.tell("channel", channel=channel.id, change="bookmarks")
    return {"bookmark": shapes.bookmark(bookmark)}


@method("bookmarks.list")
def list_bookmarks(call: Invocation) -> Json:
    """A channel's bookmarks."""
    channel = call.joined_channel("channel_id")
    return {"bookmarks": [shapes.bookmark(one) for one in channel.bookmarks]}


@method("bookmarks.remove")
def remove_bookmark(call: Invocation) -> Json:
    """Take a bookmark away."""
    channel = call.joined_channel("channel_id")
    channel.bookmarks.remove(_bookmark(call, channel))
    call.state.changes.tell("channel", channel=channel.id, change="bookmarks")
    return {}


def _emoji(call: Invocation) -> str:
    name = call.required("name").strip(":")
    if re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name) is None:
        raise SlackError("invalid_name")
    return name


@method("reactions.add")
def add_reaction(call: Invocation) -> Json:
    """React to a message."""
    name = _emoji(call)
    messages.react(call.state, call.message(call.open_channel()), call.bot, name)
    return {}


@method("reactions.remove")
def remove_reaction(call: Invocation) -> Json:
    """Take the bot's reaction back."""
    name = _emoji(call)
    messages.unreact(call.state, call.message(call.joined_channel()), call.bot, name)
    return {}


@method("reactions.get")
def get_reactions(call: Invocation) -> Json:
    """A message with its reactions."""
    channel = call.channel()
    message = call.message(channel)
    shape = shapes.message(call.state, message)
    shape["permalink"] = shapes.permalink(call.state, message)
    return {"type": "message", "channel": channel.id, "message": shape}
