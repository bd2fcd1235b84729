"""What can happen to a message in an incident channel, in the product's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Said:
    """A message was posted.

    `files`: {name, mimetype, permalink}. `reactions`: reaction to users, known when read from history. `edited_ts` is
    set when the words are not the first ones and those are not known (history and exports).
    """

    team: str
    channel: str
    ts: str
    author: str
    text: str
    author_is_bot: bool = False
    author_name: str | None = None
    thread_ts: str | None = None
    edited_ts: str | None = None
    files: tuple[Mapping[str, Any], ...] = ()
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Edited:
    """A message got new words at `edited_ts`; `previous_text` is None where it isn't known."""

    team: str
    channel: str
    ts: str
    edited_ts: str
    author: str
    text: str
    author_is_bot: bool = False
    thread_ts: str | None = None
    previous_text: str | None = None
    files: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Deleted:
    """A message was deleted at `deleted_ts`; its words and author are None where they aren't known."""

    team: str
    channel: str
    ts: str
    deleted_ts: str
    previous_text: str | None = None
    author: str | None = None
    author_is_bot: bool = False
    thread_ts: str | None = None


@dataclass(frozen=True)
class Reacted:
    """`user` put `reaction` (without colons) on the message, or took it off when `removed`."""

    team: str
    channel: str
    ts: str
    event_ts: str
    user: str
    reaction: str
    removed: bool = False


ChannelEvent = Said | Edited | Deleted | Reacted
