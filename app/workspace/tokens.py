"""The bot tokens of the installed app, and their rotation where the app has turned it on."""

from collections.abc import Callable

from app.workspace.errors import SlackError
from app.workspace.ids import Ids
from app.workspace.model import Json
from app.workspace.slack_app import SlackApp


class Tokens:
    """The tokens of one workspace.

    Without rotation there is one, the app's `bot_token`, which lasts until the app is uninstalled. With
    `SlackApp.token_lifetime_seconds` each installation and each renewal gives a new one that expires, and a refresh
    token that is good for one renewal.
    """

    def __init__(self, app: SlackApp, owner: str, ids: Ids, now: Callable[[], float]) -> None:
        self._app = app
        self._owner = owner
        self._ids = ids
        self._now = now
        self._expires_at: dict[str, float] = {}
        self._refresh: set[str] = set()

    def issue(self) -> Json:
        """What an installation or a renewal answers of tokens."""
        seconds = self._app.token_lifetime_seconds
        if seconds is None:
            return {"access_token": self._app.bot_token, "token_type": "bot"}
        number = self._ids.count("rotated_token")
        token, refresh = f"xoxe.xoxb-{self._owner}-{number}", f"xoxe-{self._owner}-{number}"
        self._expires_at[token] = self._now() + seconds
        self._refresh.add(refresh)
        return {"access_token": token, "token_type": "bot", "refresh_token": refresh, "expires_in": seconds}

    def renew(self, refresh: str) -> Json:
        """The next tokens; `SlackError` invalid_refresh_token for one that was used or never given."""
        if refresh not in self._refresh:
            raise SlackError("invalid_refresh_token")
        self._refresh.discard(refresh)
        return self.issue()

    def is_bot(self, token: str) -> bool:
        """Whether it is or was a bot token here, expired or not."""
        return token == self._app.bot_token or token in self._expires_at

    def renews(self, refresh: object) -> bool:
        """Whether it is a refresh token here that can still be used."""
        return refresh in self._refresh

    def check(self, token: str) -> None:
        """`SlackError` token_expired for one that has expired."""
        if self._expires_at.get(token, float("inf")) <= self._now():
            raise SlackError("token_expired")

    def expire_all(self) -> None:
        """Let every token that can expire be expired now."""
        self._expires_at = dict.fromkeys(self._expires_at, self._now())

    def revoke_all(self) -> None:
        """Forget every token that was given out."""
        self._expires_at.clear()
        self._refresh.clear()
