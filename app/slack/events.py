"""Slack events and messages as what can happen in an incident channel; None for what isn't recorded.

Texts are kept as Slack sends them: `&amp;`, `&lt;`, `&gt;` escaped, mentions as `<@U1>`. Whoever shows or exports
them unescapes. Not recorded: our own messages, direct messages, joins and other service lines, previews of links.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.channel_event import ChannelEvent, Deleted, Edited, Reacted, Said
from app.slack.message_text import storable, text_of

Json = Mapping[str, Any]

SPOKEN = frozenset(
    {"", "bot_message", "file_share", "file_comment", "me_message", "reply_broadcast", "thread_broadcast"}
)
CHANNEL_EVENTS = frozenset({"message", "reaction_added", "reaction_removed"})


@dataclass(frozen=True)
class Own:
    """By what our own messages are known; a None is not known."""

    bot_user_id: str | None = None
    bot_id: str | None = None
    app_id: str | None = None

    def wrote(self, message: Json) -> bool:
        known = (
            (message.get("user"), self.bot_user_id),
            (message.get("bot_id"), self.bot_id),
            (message.get("app_id"), self.app_id),
        )
        return any(found is not None and found == ours for found, ours in known)


@dataclass(frozen=True)
class Place:
    """The channel that a message stands in, and who we are there."""

    team: str
    channel: str
    own: Own = Own()


def is_channel_event(envelope: Json) -> bool:
    """Whether a request from Slack tells of a message or a reaction."""
    return envelope.get("type") == "event_callback" and envelope.get("event", {}).get("type") in CHANNEL_EVENTS


def parse_event(envelope: Json) -> ChannelEvent | None:
    """What a request from the Events API tells; None where nothing of it is recorded."""
    event = envelope.get("event") or {}
    team = str(envelope.get("team_id") or "")
    if event.get("type") == "message":
        place = Place(team, str(event.get("channel") or ""), own_of(envelope))
        return None if event.get("channel_type") in ("im", "app_home") else _message_event(place, event)
    if event.get("type") in ("reaction_added", "reaction_removed"):
        return _reaction(team, event, own_of(envelope))
    return None


def own_of(envelope: Json) -> Own:
    """Who we are, as the request itself says."""
    bots = [one.get("user_id") for one in envelope.get("authorizations") or () if one.get("is_bot")]
    return Own(bot_user_id=bots[0] if bots else None, app_id=envelope.get("api_app_id"))


def fingerprint(envelope: Json) -> str:
    """The same for every delivery of one happening, whatever its event id."""
    event = envelope.get("event") or {}
    channel = event.get("channel") or (event.get("item") or {}).get("channel") or ""
    what = ".".join(str(part) for part in (event.get("type"), event.get("subtype")) if part)
    at = event.get("event_ts") or event.get("ts") or ""
    who = f":{event.get('user')}:{event.get('reaction')}" if "reaction" in event else ""
    return f"{envelope.get('team_id')}:{channel}:{what}:{at}{who}"[:200]


def parse_message(place: Place, message: Json) -> Said | None:
    """A message as it stands now, from an event, a channel's history or an export; None for service lines."""
    spoken = (message.get("subtype") or "") in SPOKEN and "ts" in message
    if not spoken or message.get("is_ephemeral") or place.own.wrote(message):
        return None
    return Said(
        place.team,
        place.channel,
        str(message["ts"]),
        author_of(message),
        text_of(message),
        author_is_bot=_is_bot(message),
        author_name=_name_of(message),
        thread_ts=_thread_of(message),
        edited_ts=(message.get("edited") or {}).get("ts"),
        files=files_of(message),
        reactions={one["name"]: tuple(one.get("users") or ()) for one in message.get("reactions") or ()},
    )


def author_of(message: Json) -> str:
    """The user's ID, else the app's; `unknown` where Slack names neither."""
    return str(message.get("user") or message.get("bot_id") or "unknown")[:32]


def _is_bot(message: Json) -> bool:
    return bool(message.get("bot_id")) or message.get("subtype") == "bot_message"


def _name_of(message: Json) -> str | None:
    profile = message.get("bot_profile") or message.get("user_profile") or {}
    name = message.get("username") or profile.get("display_name") or profile.get("name") or profile.get("real_name")
    return storable(str(name))[:200] if name else None


def _thread_of(message: Json) -> str | None:
    thread = message.get("thread_ts")
    return str(thread) if thread and thread != message.get("ts") else None


def files_of(message: Json) -> tuple[Mapping[str, Any], ...]:
    """The message's files by reference: name, mimetype, permalink."""
    return tuple(
        {
            "name": storable(str(one.get("name") or one.get("title") or one.get("id") or "file")),
            "mimetype": str(one.get("mimetype") or ""),
            "permalink": str(one.get("permalink") or one.get("url_private") or ""),
        }
        for one in message.get("files") or ()
    )


def _message_event(place: Place, event: Json) -> ChannelEvent | None:
    subtype = event.get("subtype")
    if subtype == "message_changed":
        return _changed(place, event)
    if subtype == "message_deleted":
        return _deleted(place, event, str(event.get("deleted_ts") or ""))
    return None if event.get("hidden") else parse_message(place, event)


def _changed(place: Place, event: Json) -> Edited | Deleted | None:
    message, before = event.get("message") or {}, event.get("previous_message")
    if place.own.wrote(message) or message.get("is_ephemeral"):
        return None
    if message.get("subtype") == "tombstone":
        return _deleted(place, event, str(message.get("ts") or ""))
    if (message.get("subtype") or "") not in SPOKEN or "ts" not in message:
        return None
    text = text_of(message)
    if before is not None and text_of(before) == text and files_of(before) == files_of(message):
        return None
    if before is None and not message.get("edited"):
        return None
    return Edited(
        place.team,
        place.channel,
        str(message["ts"]),
        str((message.get("edited") or {}).get("ts") or event.get("event_ts") or event.get("ts")),
        author_of(message),
        text,
        author_is_bot=_is_bot(message),
        thread_ts=_thread_of(message),
        previous_text=text_of(before) if before is not None else None,
        files=files_of(message),
    )


def _deleted(place: Place, event: Json, ts: str) -> Deleted | None:
    before = event.get("previous_message")
    if not ts or (before is not None and not _recorded(place, before)):
        return None
    return Deleted(
        place.team,
        place.channel,
        ts,
        str(event.get("event_ts") or event.get("ts") or ts),
        previous_text=text_of(before) if before is not None else None,
        author=author_of(before) if before is not None else None,
        author_is_bot=_is_bot(before) if before is not None else False,
        thread_ts=_thread_of(before) if before is not None else None,
    )


def _recorded(place: Place, message: Json) -> bool:
    return (message.get("subtype") or "") in SPOKEN and not place.own.wrote(message) and not message.get("is_ephemeral")


def _reaction(team: str, event: Json, own: Own) -> Reacted | None:
    item = event.get("item") or {}
    if item.get("type") != "message" or (own.bot_user_id and event.get("user") == own.bot_user_id):
        return None
    return Reacted(
        team,
        str(item.get("channel") or ""),
        str(item.get("ts") or ""),
        str(event.get("event_ts") or ""),
        str(event.get("user") or "unknown")[:32],
        str(event.get("reaction") or "").partition("::")[0],
        removed=event.get("type") == "reaction_removed",
    )
