"""An installation: the product in one workspace, by whose leave it acts there, and the tokens it acts with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime


@dataclass(frozen=True)
class Tokens:
    """A bot token; `refresh` and `expires_at` are None where it lasts until it is revoked. None of it is printed."""

    bot: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Bot:
    """The app's bot in a workspace. `url` is the workspace's own address, with a slash at its end."""

    team: str
    team_name: str
    url: str
    bot_user_id: str
    bot_id: str
    bot_name: str = ""


@dataclass(frozen=True)
class Grant:
    """What the workspace granted when a person there agreed: who the bot is, what it may do, and its tokens."""

    bot: Bot
    app_id: str
    scopes: tuple[str, ...]
    installed_by: str
    tokens: Tokens


class Installation(SQLModel, table=True):
    """The app in one workspace. Tokens are sealed; both are None once it is uninstalled, and the rest stays.

    `scopes` are separated by commas. `renewing_until` is None unless somebody renews the token or just failed to:
    until then nobody else tries.
    """

    team: str = Field(primary_key=True, max_length=32)
    team_name: str = Field(max_length=200)
    url: str = Field(max_length=300)
    app_id: str = Field(max_length=32)
    bot_user_id: str = Field(max_length=32)
    bot_id: str = Field(max_length=32)
    bot_name: str = Field(default="", max_length=200)
    scopes: str = Field(default="", sa_type=Text)
    bot_token: str | None = Field(default=None, sa_type=Text)
    refresh_token: str | None = Field(default=None, sa_type=Text)
    expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    renewing_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    installed_at: datetime = Field(sa_type=UTCDateTime)
    installed_by: str = Field(max_length=32)
    uninstalled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def bot(self) -> Bot:
        return Bot(self.team, self.team_name, self.url, self.bot_user_id, self.bot_id, self.bot_name)


class InstallAttempt(SQLModel, table=True):
    """A way to Slack's consent page and back, good for one return by one browser; both are kept as digests."""

    __tablename__ = "install_attempt"

    state_digest: str = Field(primary_key=True, max_length=64)
    browser_digest: str = Field(max_length=64)
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
