"""The workspaces that the app is installed in: any number, each with its own token, limits and caches."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from app.ports.chat import ChatError, ChatRefused
from app.ports.clock import Clock
from app.ports.observer import UNWATCHED, Observer
from app.services.installations import Installations
from app.slack.gateway.calls import CALL_TIMEOUT_SECONDS, TOKEN_REFUSED, Calls
from app.slack.gateway.exchange import Exchange
from app.slack.gateway.gateway import Gateway
from app.slack.gateway.identity import Identity, WhoAmI
from app.slack.gateway.tokens import FreshToken


@dataclass(frozen=True)
class Client:
    """The app as Slack's OAuth knows it. `api_url` ends in a slash."""

    id: str
    secret: str = field(repr=False)
    api_url: str


@dataclass(frozen=True)
class _Office:
    """What is at hand for one workspace."""

    source: FreshToken
    identity: Identity
    gateway: Gateway


class InstalledWorkspaces:
    """Implements app.slack.gateway.workspaces.Workspaces over the stored installations. Close it at the end."""

    def __init__(
        self, installations: Installations, client: Client, clock: Clock, observer: Observer = UNWATCHED
    ) -> None:
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS))
        self.client = AsyncWebClient(base_url=client.api_url, session=self.session, retry_handlers=[])
        self.installations = installations
        self.exchange = Exchange(client.id, client.secret, client.api_url, self.session, clock, observer)
        self.known = False
        # That one workspace refuses its token is its own matter.
        self.refused = None
        self._api_url = client.api_url
        self._clock = clock
        self._observer = observer
        self._sources: dict[str, FreshToken] = {}
        self._offices: dict[str, _Office] = {}

    async def of(self, team: str) -> Gateway:
        return (await self._office(team)).gateway

    async def calls_of(self, team: str) -> Calls:
        return (await self._office(team)).gateway.calls

    async def bot_in(self, team: str) -> Identity | None:
        try:
            return (await self._office(team)).identity
        except ChatRefused:
            return None

    async def identity(self) -> Identity | None:
        """Ask Slack who we are where the app was installed last; None where it is installed nowhere.

        Raises ChatBusy or ChatUnsure while Slack can't be reached. That one workspace refuses is its own matter.
        """
        team = await self.installations.newest()
        try:
            if team is not None:
                await (await self.calls_of(team)).call("auth.test")
        except ChatError as error:
            if not isinstance(error, ChatRefused) and error.code not in TOKEN_REFUSED:
                raise
            team = None
        self.known = True
        return None if team is None else await self.bot_in(team)

    async def look_again(self) -> None:
        """Each workspace tells by itself when the app has to go."""

    def forget(self, team: str) -> None:
        """Look the installation up anew: it has begun or ended."""
        self._sources.pop(team, None)
        self._offices.pop(team, None)

    async def close(self) -> None:
        await self.session.close()

    async def _office(self, team: str) -> _Office:
        source = self._sources.get(team) or self._sources.setdefault(team, self._source(team))
        try:
            identity = Identity(**asdict((await source.installed()).bot))
        except ChatRefused:
            self.forget(team)
            raise
        office = self._offices.get(team)
        # Installed anew through another replica, the bot may be another one.
        if office is None or office.source is not source or office.identity != identity:
            office = self._offices[team] = _Office(source, identity, self._gateway(source, identity))
        return office

    def _source(self, team: str) -> FreshToken:
        return FreshToken(team, self.installations, self.exchange, self._clock)

    def _gateway(self, source: FreshToken, identity: Identity) -> Gateway:
        client = AsyncWebClient(base_url=self._api_url, session=self.session, retry_handlers=[])
        calls = Calls(client, observer=self._observer, tokens=source)
        return Gateway(calls, WhoAmI(calls, identity))
