"""What becomes of the words a person types into Slack's message box."""

import re

from app.workspace.state import State

_TOKEN = re.compile(r"<(?:[@#!][^<>\s]+|https?://[^<>\s]+)>")
_ADDRESS = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)]")
_NAME = re.compile(r"(?<![\w<])@([a-z0-9._-]*[a-z0-9_])")


def typed(state: State, text: str) -> str:
    """The text as Slack stores it: `&`, `<`, `>` escaped, addresses linked, @names made mentions.

    Ready-made mentions and links such as `<@U1>` stay as they are.
    """
    parts = []
    at = 0
    for token in _TOKEN.finditer(text):
        parts += [_plain(state, text[at : token.start()]), token.group()]
        at = token.end()
    return "".join([*parts, _plain(state, text[at:])])


def _plain(state: State, text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _ADDRESS.sub(lambda found: f"<{found.group()}>", text)
    return _NAME.sub(lambda found: _mention(state, found.group(1)) or found.group(), text)


def _mention(state: State, name: str) -> str:
    for user in state.users.values():
        if user.name == name:
            return f"<@{user.id}>"
    return ""


def typed_command(state: State, text: str, escaped: bool) -> str:
    """A command's text: with `escaped`, @names and #channels carry their ids as Slack's manifest option asks."""
    if not escaped:
        return text
    ids = {user.name: f"<@{user.id}|{user.name}>" for user in state.users.values()}
    rooms = {one.name: f"<#{one.id}|{one.name}>" for one in state.channels.values() if one.kind == "public"}
    text = _NAME.sub(lambda found: ids.get(found.group(1), found.group()), text)
    return re.sub(r"(?<![\w<])#([\w-]+)", lambda found: rooms.get(found.group(1), found.group()), text)
