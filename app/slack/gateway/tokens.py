"""The bot token of one workspace: kept at hand, renewed before it expires, and by one of all who need it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

import structlog

from app.domain.installation import Tokens
from app.ports.chat import ChatBusy, ChatError, ChatRefused
from app.ports.clock import Clock
from app.ports.vault import Unreadable
from app.services.installations import Installations, Installed

log = structlog.get_logger(__name__)

# Tokens that expire last for twelve hours.
RENEWED_BEFORE = timedelta(minutes=30)
# How long another replica's change may go unnoticed; a token that Slack refuses is looked up again at once.
KEPT_SECONDS = 60.0
REST_SECONDS = 20.0
OTHERS_TAKE_SECONDS = 8.0
LOOK_AGAIN_SECONDS = 0.1


class Renews(Protocol):
    """Renews tokens; see `app.slack.gateway.exchange.Exchange`."""

    async def refresh(self, refresh_token: str) -> Tokens: ...


class FreshToken:
    """Implements `app.slack.gateway.calls.TokenSource` for one workspace.

    One renews: in this process under a lock, among replicas by a turn that the database gives. The others go on with
    the old token, or wait where it has expired.
    """

    def __init__(self, team: str, installations: Installations, exchange: Renews, clock: Clock) -> None:
        self._team = team
        self._installations = installations
        self._exchange = exchange
        self._clock = clock
        self._monotonic: Callable[[], float] = time.monotonic
        self._known: Installed | None = None
        self._known_until = 0.0
        self._rests_until = 0.0
        self._refused: str | None = None
        self._renewing = asyncio.Lock()

    async def installed(self) -> Installed:
        """The installation, as of the last minute. Raises ChatRefused (`not_installed`), ChatBusy if no key fits."""
        if self._known is None or self._monotonic() >= self._known_until:
            try:
                self._keep(await self._installations.of(self._team))
            except Unreadable as error:
                raise self._unreadable(error) from error
        if self._known is None:
            raise ChatRefused("not_installed", self._team)
        return self._known

    def forget(self) -> None:
        """Look the installation up when it is next needed."""
        self._known = None

    async def token(self) -> str:
        tokens = (await self.installed()).tokens
        if not self._due(tokens) or (self._renewing.locked() and not self._over(tokens)):
            return tokens.bot
        async with self._renewing:
            return (await self._renewed()).bot

    async def instead_of(self, stale: str, code: str) -> str | None:
        self.forget()
        tokens = (await self.installed()).tokens
        if tokens.bot != stale:
            return tokens.bot
        if code != "token_expired" or tokens.refresh is None:
            return None
        if self._refused != stale:
            self._refused, self._rests_until = stale, 0.0
        fresh = await self.token()
        return fresh if fresh != stale else None

    async def _renewed(self) -> Tokens:
        """Tokens that need not be renewed, or that still do while somebody else is at it or it was tried just now."""
        gives_up_at = self._monotonic() + OTHERS_TAKE_SECONDS
        while self._due(tokens := (await self.installed()).tokens):
            if self._monotonic() < self._rests_until:
                raise ChatBusy("token_not_renewed")
            mine, tokens = await self._turn(tokens)
            if mine:
                return await self._renew(tokens)
            if not self._over(tokens):
                return tokens
            if self._monotonic() >= gives_up_at:
                raise ChatBusy("token_not_renewed")
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return tokens

    async def _turn(self, seen: Tokens) -> tuple[bool, Tokens]:
        try:
            turn = await self._installations.take_turn(self._team, seen)
        except Unreadable as error:
            raise self._unreadable(error) from error
        self._keep(turn.installed if turn else None)
        return (turn is not None and turn.mine), (await self.installed()).tokens

    async def _renew(self, tokens: Tokens) -> Tokens:
        try:
            fresh = await self._exchange.refresh(tokens.refresh or "")
        except ChatError as error:
            log.warning("token_not_renewed", team=self._team, code=error.code)
            self._rests_until = self._monotonic() + REST_SECONDS
            if not self._over(tokens):
                return tokens
            # The call that needs the token has not been made: it may be made again, whatever became of the renewal.
            raise ChatBusy("token_not_renewed") from error
        await self._installations.renewed(self._team, fresh)
        self.forget()
        return fresh

    def _due(self, tokens: Tokens) -> bool:
        if tokens.refresh is None or tokens.expires_at is None:
            return False
        if self._over(tokens):
            return True
        return tokens.expires_at - RENEWED_BEFORE <= self._clock.now() and self._monotonic() >= self._rests_until

    def _over(self, tokens: Tokens) -> bool:
        expired = tokens.expires_at is not None and tokens.expires_at <= self._clock.now()
        return expired or tokens.bot == self._refused

    def _keep(self, installed: Installed | None) -> None:
        self._known = installed
        self._known_until = self._monotonic() + KEPT_SECONDS

    def _unreadable(self, error: Unreadable) -> ChatBusy:
        # What is owed waits for the operator to give the right key.
        log.warning("tokens_unreadable", team=self._team, reason=str(error))
        return ChatBusy("tokens_unreadable")
