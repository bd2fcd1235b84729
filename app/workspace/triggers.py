"""Short-lived rights of the app: trigger ids that open a modal, and response URLs."""

from collections.abc import Callable
from dataclasses import dataclass

from app.workspace.errors import SlackError
from app.workspace.ids import Ids

RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60


@dataclass
class Trigger:
    """The right to open one modal for `user`; `view_id` is the modal it was born in, if any."""

    id: str
    user: str
    expires: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """The right to answer one interaction; `message_ts` is the message it began from, if any."""

    token: str
    user: str
    channel_id: str
    expires: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses_left: int = RESPONSE_URL_USES


class Triggers:
    """Hands out trigger ids and takes each back once, within `lifetime_seconds`."""

    def __init__(self, ids: Ids, monotonic: Callable[[], float]) -> None:
        self.lifetime_seconds = 3.0
        self._ids = ids
        self._monotonic = monotonic
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """A new trigger id for an act of `user`."""
        number = self._ids.count("trigger")
        trigger_id = f"{100000000000 + number}.{200000000000 + number}.{number:032x}"
        expires = self._monotonic() + self.lifetime_seconds
        self._triggers[trigger_id] = Trigger(trigger_id, user, expires, view_id)
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """The trigger, now spent; refuses unknown, late and used ones."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if self._monotonic() > trigger.expires:
            raise SlackError("expired_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        trigger.used = True
        return trigger

    def restore(self, trigger: Trigger) -> None:
        """Make a trigger usable again after a call that was refused for another reason."""
        trigger.used = False

    def expire_all(self) -> None:
        """Let every trigger handed out so far be too late."""
        for trigger in self._triggers.values():
            trigger.expires = float("-inf")


class ResponseUrls:
    """Hands out response URLs, each good for five answers in thirty minutes."""

    def __init__(self, ids: Ids, monotonic: Callable[[], float]) -> None:
        self._ids = ids
        self._monotonic = monotonic
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, user: str, channel_id: str, message_ts: str | None = None, thread_ts: str | None = None) -> str:
        """A new token; the server's address goes before it."""
        number = self._ids.count("response_url")
        token = f"{number}/{number:024x}"
        expires = self._monotonic() + RESPONSE_URL_SECONDS
        self._urls[token] = ResponseUrl(token, user, channel_id, expires, message_ts, thread_ts)
        return token

    def knows(self, token: str) -> bool:
        """True of a token that was handed out here."""
        return token in self._urls

    def peek(self, token: str) -> ResponseUrl:
        """The right behind a token that was just issued, without spending a use."""
        return self._urls[token]

    def use(self, token: str) -> ResponseUrl:
        """The right behind a token, with one use less; refuses unknown, late and used up ones."""
        url = self._urls.get(token)
        if url is None:
            raise SlackError("invalid_url")
        if url.uses_left == 0:
            raise SlackError("used_url")
        if self._monotonic() > url.expires:
            raise SlackError("expired_url")
        url.uses_left -= 1
        return url

    def expire_all(self) -> None:
        """Let every response URL handed out so far be too late."""
        for url in self._urls.values():
            url.expires = float("-inf")
