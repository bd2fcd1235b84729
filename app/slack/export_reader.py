"""Reads one channel of a standard Slack export: users.json, channels.json, a folder a channel, a JSON file a day."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.channel_event import ChannelEvent, Deleted
from app.domain.errors import Invalid
from app.ports.chat import Channel, Profile
from app.slack.events import Place, parse_event, parse_message

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_TS = re.compile(r"\d{1,12}(\.\d{1,9})?")
_LISTS = ("channels.json", "groups.json", "mpims.json")


@dataclass(frozen=True)
class Export:
    """One channel of an export: who is in the workspace, and what happened, in the order it happened."""

    channel: Channel
    members: list[Profile]
    events: list[ChannelEvent]


def read_export(directory: Path, channel_name: str, *, team: str = "local") -> Export:
    """The channel of that name. Raises Invalid, naming the file and what to do, when any of it can't be read."""
    if not directory.is_dir():
        unpack = " Unpack the archive first." if directory.suffix == ".zip" else ""
        raise Invalid(f"{directory} is no directory.{unpack} Give the directory that holds users.json.")
    members = [_member(one, directory / "users.json") for one in _list(directory / "users.json")]
    name = channel_name.lstrip("#")
    channel = Channel(_channel_id(directory, name), name)
    days = sorted(path for path in _folder(directory, name).iterdir() if _DAY.fullmatch(path.name))
    if not days:
        raise Invalid(f"{directory / name} holds no file named like 2026-01-31.json. Is the export complete?")
    names = {one.user: one for one in members}
    found = [event for day in days for event in _day(day, Place(team, channel.id), names)]
    return Export(channel, members, [event for _, event in sorted(found, key=lambda pair: pair[0])])


def _list(path: Path) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Invalid(f"{path} is missing. Give the directory of an unpacked Slack export.") from None
    except OSError as error:
        raise Invalid(f"{path} can't be read: {error.strerror}. Nothing was imported.") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"{path} is no readable JSON. Export it again; nothing was imported.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise Invalid(f"{path} is broken JSON ({where}). Export it again; nothing was imported.") from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Invalid(f"{path} is not a list of objects, as in a Slack export. Nothing was imported.")
    return found


def _member(user: Mapping[str, Any], path: Path) -> Profile:
    if not user.get("id"):
        raise Invalid(f"{path} has a user without an id. Export it again; nothing was imported.")
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    name = next((str(one) for one in names if one), str(user["id"]))
    return Profile(str(user["id"]), name[:200], bool(user.get("is_bot")), bool(user.get("deleted")))


def _folder(directory: Path, name: str) -> Path:
    folders = sorted(path.name for path in directory.iterdir() if path.is_dir())
    if name in folders:
        return directory / name
    near = difflib.get_close_matches(name, folders, n=3, cutoff=0.5) or folders[:5]
    hint = f" There are: {', '.join(near)}." if near else ""
    raise Invalid(f"The export in {directory} has no channel {name!r}.{hint}")


def _channel_id(directory: Path, name: str) -> str:
    """The channel's ID from whichever list names it; its name where none does."""
    for path in (directory / one for one in _LISTS):
        for channel in _list(path) if path.exists() else ():
            if channel.get("name") == name and channel.get("id"):
                return str(channel["id"])
    return name[:32]


Dated = tuple[tuple[int, str], ChannelEvent]


def _day(path: Path, place: Place, names: Mapping[str, Profile]) -> list[Dated]:
    found: list[Dated] = []
    for position, message in enumerate(_list(path), 1):
        ts = str(message.get("ts") or "")
        if not _TS.fullmatch(ts):
            raise Invalid(f"{path}: message {position} has no valid ts. Export it again; nothing was imported.")
        try:
            event = _event(place, message, names)
        except (TypeError, AttributeError, KeyError, ValueError) as error:
            raise Invalid(f"{path}: message {position} (ts {ts}) is not shaped like a Slack message.") from error
        if event is not None:
            found.append((_order(ts), event))
    return found


def _order(ts: str) -> tuple[int, str]:
    seconds, _, fraction = ts.partition(".")
    return int(seconds), fraction.ljust(9, "0")


def _event(place: Place, message: Mapping[str, Any], names: Mapping[str, Profile]) -> ChannelEvent | None:
    subtype = message.get("subtype")
    if subtype in ("message_changed", "message_deleted"):
        inner = {"type": "message", "channel": place.channel, "event_ts": message["ts"], **message}
        return parse_event({"team_id": place.team, "event": inner})
    if subtype == "tombstone":
        return Deleted(place.team, place.channel, str(message["ts"]), str(message["ts"]))
    bot = names.get(str(message.get("user") or ""))
    shown = {"bot_id": message["user"], **message} if bot is not None and bot.is_bot else message
    return parse_message(place, shown)
