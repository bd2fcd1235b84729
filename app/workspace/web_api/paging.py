"""Lists handed out a page at a time, with a cursor to the rest."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from app.workspace.errors import SlackError
from app.workspace.model import Json
from app.workspace.web_api.invocation import Invocation

Thing = TypeVar("Thing")


def encode(word: str, value: str) -> str:
    """An opaque cursor that stands for `value`."""
    return base64.b64encode(f"{word}:{value}".encode()).decode()


def decode(word: str, cursor: str) -> str:
    """The value behind a cursor; refuses one that was not made here."""
    try:
        found, _, value = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as bad:
        raise SlackError("invalid_cursor") from bad
    if found != word or not value:
        raise SlackError("invalid_cursor")
    return value


def page(call: Invocation, things: Sequence[Thing], default: int, high: int = 1000) -> tuple[list[Thing], Json]:
    """The asked page of `things`, and the `response_metadata` that leads on."""
    limit = call.whole("limit", default) or default
    if limit < 1 or limit > high:
        raise SlackError("invalid_limit")
    cursor = call.text("cursor")
    start = int(decode("offset", cursor)) if cursor else 0
    chosen = list(things[start : start + limit])
    more = start + limit < len(things)
    following = encode("offset", str(start + limit)) if more else ""
    return chosen, {"response_metadata": {"next_cursor": following}}
