"""One call of a Web API method: its arguments, and the checks that many methods share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.workspace.content import parsed
from app.workspace.errors import SlackError
from app.workspace.ids import ts_micros
from app.workspace.model import Channel, Json, Message
from app.workspace.scopes import scopes_for_kind
from app.workspace.state import State


def missing(name: str) -> SlackError:
    """The refusal of a call without a required argument."""
    words = f"[ERROR] missing required field: {name}"
    return SlackError("invalid_arguments", response_metadata={"messages": [words]})


def missing_scope(state: State, needed: frozenset[str]) -> SlackError:
    """The refusal of a call that needs one of these scopes."""
    return SlackError("missing_scope", needed=",".join(sorted(needed)), provided=",".join(sorted(state.app.scopes)))


@dataclass(frozen=True)
class Invocation:
    """A call by the app: `args` as they came, text in forms and JSON values in JSON bodies."""

    state: State
    method: str
    args: Json

    @property
    def bot(self) -> str:
        """The user id of the app's bot, who acts."""
        return self.state.app.bot_user_id

    def text(self, name: str, default: str = "") -> str:
        """An optional text."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth value, in any of the ways Slack reads one."""
        value = self.args.get(name)
        if value is None or value == "":
            return default
        return str(value).lower() in ("1", "true")

    def whole(self, name: str, default: int) -> int:
        """A whole number; refuses other text."""
        value = self.args.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except ValueError as bad:
            raise SlackError(f"invalid_{name}") from bad

    def json(self, name: str) -> Any:
        """A JSON argument; None when absent."""
        return parsed(self.args.get(name), "invalid_arguments")

    def names(self, name: str) -> list[str]:
        """A comma-separated list, or a JSON one."""
        value = self.args.get(name)
        if isinstance(value, list):
            return [str(one) for one in value]
        return [one.strip() for one in str(value or "").split(",") if one.strip()]

    def channel(self, name: str = "channel") -> Channel:
        """A channel the bot can see, by id; asks for the scope of its kind."""
        channel = self.state.channels.get(self.required(name))
        if channel is None or (channel.kind != "public" and self.bot not in channel.members):
            raise SlackError("channel_not_found")
        needed = scopes_for_kind(self.method, channel.kind)
        if needed and not needed & self.state.app.scopes:
            raise missing_scope(self.state, needed)
        return channel

    def joined_channel(self, name: str = "channel") -> Channel:
        """A channel the bot is a member of."""
        channel = self.channel(name)
        if self.bot not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def open_channel(self, name: str = "channel") -> Channel:
        """A channel the bot is a member of that is not archived."""
        channel = self.joined_channel(name)
        if channel.archived:
            raise SlackError("is_archived")
        return channel

    def message(self, channel: Channel, name: str = "timestamp") -> Message:
        """A message of a channel by its ts."""
        ts = self.text(name)
        if not ts:
            raise SlackError("no_item_specified")
        try:
            ts_micros(ts)
        except ValueError as bad:
            raise SlackError("bad_timestamp") from bad
        return self.state.message(channel.id, ts)


Handler = Callable[[Invocation], Json]
METHODS: dict[str, Handler] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Register a function as the Web API method `name`."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = handler
        return handler

    return register
