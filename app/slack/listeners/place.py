"""Which incident somebody means, and which of the others their words name."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar

from app.domain.errors import Invalid, NotFound
from app.domain.incident import Incident, number_of
from app.slack.ids import COMMAND
from app.slack.listeners.ask import Ask

Choice = TypeVar("Choice", bound=StrEnum)
_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>")


async def meant(ask: Ask, words: str, example: str) -> tuple[Incident, str]:
    """The incident of the channel, with `words`; elsewhere the one that `words` begin with, and the rest of them.

    Raises Invalid, saying how to name one.
    """
    actor = ask.actor
    here = await ask.services.board.by_channel(actor.team, actor.channel) if actor.channel else None
    if here is not None:
        return here, words
    first, _, rest = words.strip().partition(" ")
    if number_of(first) is not None:
        return await ask.services.board.incident(actor, first), rest.strip()
    raise Invalid(
        f"This is not an incident's channel. Use `{COMMAND} {example}` in one, or name the incident here: "
        f"`{COMMAND} {_with_key(example)}`. `{COMMAND} list` shows those that are open."
    )


def _with_key(example: str) -> str:
    command, space, rest = example.partition(" ")
    return f"{command} INC-7{space}{rest}"


def person_named(words: str) -> tuple[str, str]:
    """The user that `words` mention, and the other words. Raises Invalid when they mention none, or several."""
    found = _MENTION.findall(words)
    if len(set(found)) != 1:
        raise Invalid("Name one person, chosen from Slack's suggestions after typing @. Nothing was changed.")
    return str(found[0]), " ".join(_MENTION.sub(" ", words).split())


def key_and(value: str) -> tuple[str, str]:
    """The two halves of a button's value such as `INC-7:scribe`. Raises NotFound for anything else."""
    key, colon, rest = value.partition(":")
    if number_of(key) is None or not colon or not rest:
        raise NotFound("That button is too old to be used. Nothing was changed.")
    return key, rest


def number_in(value: str) -> int:
    """The id that a button's value is. Raises NotFound for anything else."""
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        raise NotFound("That button is too old to be used. Nothing was changed.")
    return int(value)


def chosen(kind: type[Choice], value: str | None, default: Choice | None = None) -> Choice:
    """The member of that value, `default` for none. Raises Invalid for what isn't one."""
    if not value and default is not None:
        return default
    try:
        return kind(value or "")
    except ValueError:
        options = ", ".join(kind)
        raise Invalid(f"There is no such choice as {(value or 'nothing')[:40]!r}. Choose one of: {options}.") from None
