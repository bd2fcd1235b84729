"""The checks of single settings: each takes a value as written and returns it as used, or says what is wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr

from app.domain.reminder import DEFAULT_CADENCE
from app.domain.status_update import Audience

LONG_SECRET = 32
_CHANNEL = re.compile(r"[CG][A-Z0-9]{6,}|[^\sA-Z.,#]{1,80}")
_DATABASES = ("sqlite+aiosqlite:///", "sqlite:///", "postgresql+psycopg://", "postgresql://", "postgres://")


def address(value: str) -> str:
    """An http or https address without a trailing slash. Raises ValueError for anything else."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(mark.isspace() for mark in value):
        raise ValueError("must be an address that starts with http:// or https://")
    return value.rstrip("/")


def base_address(value: str) -> str:
    """An http or https address that ends with one slash. Raises ValueError for anything else."""
    return address(value) + "/"


def bot_token(value: SecretStr) -> SecretStr:
    """A bot token. Raises ValueError for a token that is recognisably of another kind."""
    if value.get_secret_value().startswith(("xapp-", "xoxp-", "xoxa-")):
        raise ValueError("is a token of another kind; the bot token starts with xoxb-")
    return value


def socket_token(value: SecretStr) -> SecretStr:
    """An app-level token. Raises ValueError for a token that is recognisably of another kind."""
    if value.get_secret_value().startswith("xox"):
        raise ValueError("is a token of another kind; the app-level token starts with xapp-")
    return value


def database_address(value: str) -> str:
    """A database address that the store has a driver for. Raises ValueError for any other."""
    if not value.startswith(_DATABASES):
        raise ValueError("must start with sqlite+aiosqlite:/// or postgresql+psycopg://")
    return value


def channel(value: str) -> str:
    """A channel's ID, or its name without the leading #. Raises ValueError for what Slack allows as neither."""
    name = value.removeprefix("#")
    if not _CHANNEL.fullmatch(name):
        raise ValueError("must be a channel's ID or its lower-case name, at most 80 characters without spaces")
    return name


def filled(value: object) -> object:
    """Text without spaces around; anything else as it is. Raises ValueError when nothing is left."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


def lowered(value: object) -> object:
    """Text in lower case and without spaces around; anything else as it is."""
    return value.strip().lower() if isinstance(value, str) else value


def named_tokens(value: object) -> object:
    """`name:token,name:token` as a mapping; a mapping as it is. Raises ValueError for a missing or repeated name."""
    if not isinstance(value, str):
        return value
    tokens: dict[str, str] = {}
    for number, item in enumerate(_items(value), start=1):
        name, colon, token = (part.strip() for part in item.partition(":"))
        if not (name and colon and token):
            raise ValueError(f"item {number} must be a name, a colon and a token")
        if name in tokens:
            raise ValueError(f"has the name {name} twice")
        tokens[name] = token
    return tokens


def named_commands(value: object) -> object:
    """`name=path,name=path` as a mapping; a mapping as it is.

    Raises ValueError for a name given twice, a path that is not absolute, or one that can't be run.
    """
    if not isinstance(value, str):
        return value
    commands: dict[str, Path] = {}
    for number, item in enumerate(_items(value), start=1):
        name, equals, path = (part.strip() for part in item.partition("="))
        if not (name and equals and path.startswith("/")):
            raise ValueError(f"item {number} must be a name, = and the absolute path of a program")
        if name in commands:
            raise ValueError(f"has the name {name} twice")
        if not (os.path.isfile(path) and os.access(path, os.X_OK)):
            raise ValueError(f"the program of {name} is not there, or may not be run")
        commands[name] = Path(path)
    return commands


def long_secrets(value: object) -> object:
    """Secrets separated by commas as a list; anything else as it is. Raises ValueError for one that is too short."""
    if not isinstance(value, str):
        return value
    secrets = [item.strip() for item in _items(value)]
    if any(len(secret) < LONG_SECRET for secret in secrets):
        raise ValueError(f"must be random and have at least {LONG_SECRET} characters each")
    return secrets


def cadence(value: object) -> object:
    """Minutes for every severity: `sev1=30,sev2=60` or a mapping, over the defaults.

    Raises ValueError for anything malformed.
    """
    given = _cadence(value) if isinstance(value, str) else value
    return {**DEFAULT_CADENCE, **given} if isinstance(given, Mapping) else given


def days_off(value: object) -> object:
    """Holidays by calendar: `2026-12-25` counts for every calendar, `us:2026-11-26` for that one; a mapping as it is.

    Raises ValueError for what is no date.
    """
    if not isinstance(value, str):
        return value
    found: dict[str, set[date]] = {}
    for item in _items(value):
        calendar, _, day = item.strip().lower().rpartition(":")
        try:
            found.setdefault(calendar.strip(), set()).add(date.fromisoformat(day.strip()))
        except ValueError:
            raise ValueError("must be dates such as 2026-12-25, each perhaps with a calendar and a colon") from None
    return found


def time_zone(value: str) -> str:
    """The name of a time zone that exists. Raises ValueError for any other."""
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("must be the name of a time zone, such as Europe/Berlin") from None


def audience_channels(value: object) -> object:
    """`leadership=C0123456789,customers=support-news` as a mapping; a mapping as it is.

    Raises ValueError for an audience that there isn't, or one named twice.
    """
    if not isinstance(value, str):
        return value
    channels: dict[str, str] = {}
    for item in _items(value):
        audience, _, name = (part.strip() for part in item.partition("="))
        if audience.lower() not in set(Audience) or not name:
            raise ValueError(f"must be {', '.join(Audience)}, each with = and a channel")
        if audience.lower() in channels:
            raise ValueError(f"has {audience.lower()} twice")
        channels[audience.lower()] = name
    return channels


def _cadence(value: str) -> dict[str, int]:
    minutes: dict[str, int] = {}
    for item in _items(value):
        severity, _, amount = (part.strip().lower() for part in item.partition("="))
        if severity not in {"sev1", "sev2", "sev3", "sev4"} or not re.fullmatch(r"[0-9]{1,5}", amount):
            raise ValueError("must be sev1 to sev4, each with = and whole minutes")
        if severity in minutes:
            raise ValueError(f"has {severity} twice")
        minutes[severity] = int(amount)
    return minutes


def _items(value: str) -> list[str]:
    return [item for item in value.split(",") if item.strip()]
