"""Installations: how the app comes into a workspace, which tokens it has there, and how it leaves."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from app.domain.audit import AuditRecord
from app.domain.errors import Invalid
from app.domain.installation import Bot, Grant, Installation, InstallAttempt, Tokens
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.ports.vault import Unreadable, Vault
from app.services.timeline.backfill import owe_backfill

log = structlog.get_logger(__name__)

ATTEMPT_LASTS = timedelta(minutes=10)
# Longer than Slack can take to answer. Whoever failed to renew leaves it to lapse, so that nobody tries at once again.
TURN_LASTS = timedelta(seconds=20)
BACKFILLED_MAX = 1000

GONE = "This link was used already or is older than ten minutes. Nothing was installed; please start again."
FOREIGN = "This was not started in this browser. Nothing was installed; please start again here."


@dataclass(frozen=True)
class Installed:
    """The app in one workspace, ready to act."""

    bot: Bot
    tokens: Tokens


@dataclass(frozen=True)
class Turn:
    """The installation as it stands, and whether the token is ours to renew now."""

    installed: Installed
    mine: bool


@dataclass(frozen=True)
class Sealing:
    """How many workspaces have the app, how many were sealed anew, and those whose tokens no configured key opens."""

    installed: int
    resealed: int
    unreadable: tuple[str, ...]


@dataclass(frozen=True)
class Installations:
    """The workspaces that the app is installed in."""

    store: Store
    clock: Clock
    vault: Vault

    async def begin(self, browser: str) -> str:
        """A new state for the way to Slack and back, good for ten minutes and for the browser that has this secret."""
        state, now = secrets.token_urlsafe(32), self.clock.now()
        attempt = InstallAttempt(
            state_digest=_digest(state), browser_digest=_digest(browser), expires_at=now + ATTEMPT_LASTS
        )
        async with self.store.write() as uow:
            await uow.installations.forget_attempts(now)
            await uow.add(attempt)
        return state

    async def redeem(self, state: str, browser: str) -> None:
        """Use the state up, whoever brings it. Raises Invalid unless it is fresh and this browser's."""
        async with self.store.write() as uow:
            attempt = await uow.installations.take_attempt(_digest(state))
        if attempt is None or attempt.expires_at <= self.clock.now():
            raise Invalid(GONE)
        if not hmac.compare_digest(attempt.browser_digest, _digest(browser)):
            raise Invalid(FOREIGN)

    async def install(self, grant: Grant) -> None:
        """Keep what a workspace granted; one that had left goes on where it stopped."""
        team, now = grant.bot.team, self.clock.now()
        async with self.store.write() as uow:
            known = await uow.installations.of(team)
            row = known or _new(grant, now)
            back = row.uninstalled_at is not None
            self._write(row, grant, now)
            if known is None:
                await uow.add(row)
            if back:
                await uow.jobs.resume(team)
                await _owe_backfills(uow, team, now)
            await uow.add(AuditRecord(team=team, at=now, by=grant.installed_by, action="installed"))
        log.info("installed", team=team, again=known is not None)

    async def of(self, team: str) -> Installed | None:
        """The installation in the workspace, None if there is none (any more). Raises Unreadable."""
        async with self.store.read() as uow:
            row = await uow.installations.of(team)
        return None if row is None else self._opened(row)

    async def since(self, team: str) -> datetime | None:
        """When the workspace installed the app, None where it is not installed (any more)."""
        async with self.store.read() as uow:
            row = await uow.installations.of(team)
        return None if row is None or row.uninstalled_at is not None else row.installed_at

    async def ended(self) -> frozenset[str]:
        """The workspaces that the app has left."""
        async with self.store.read() as uow:
            return await uow.installations.ended()

    async def newest(self) -> str | None:
        """The workspace that installed the app last, None if none has it."""
        async with self.store.read() as uow:
            rows = await uow.installations.active()
        return max(rows, key=lambda row: row.installed_at).team if rows else None

    async def end(self, team: str, reason: str) -> None:
        """The app has left: erase its tokens and suspend what is owed there. The record stays."""
        now = self.clock.now()
        async with self.store.write() as uow:
            row = await uow.installations.of(team)
            if row is None or row.uninstalled_at is not None:
                return
            row.bot_token = row.refresh_token = row.expires_at = row.renewing_until = None
            row.uninstalled_at = now
            suspended = await uow.jobs.suspend(team)
            detail = {"reason": reason, "suspended": suspended}
            await uow.add(AuditRecord(team=team, at=now, by=row.bot_user_id, action="uninstalled", detail=detail))
        log.info("uninstalled", team=team, reason=reason, suspended=suspended)

    async def take_turn(self, team: str, seen: Tokens) -> Turn | None:
        """Ask to renew the token that was seen: granted to one at a time, and to none when it has been renewed.

        None when the app is not installed (any more). Raises Unreadable.
        """
        now = self.clock.now()
        async with self.store.write() as uow:
            row = await uow.installations.of(team)
            installed = None if row is None else self._opened(row)
            if row is None or installed is None:
                return None
            taken = row.renewing_until is not None and row.renewing_until > now
            mine = installed.tokens.bot == seen.bot and not taken
            if mine:
                row.renewing_until = now + TURN_LASTS
        return Turn(installed, mine)

    async def renewed(self, team: str, tokens: Tokens) -> None:
        """Keep the new tokens, unless the app has left meanwhile."""
        async with self.store.write() as uow:
            row = await uow.installations.of(team)
            if row is not None and row.uninstalled_at is None:
                self._seal(row, tokens)
        log.info("token_renewed", team=team)

    async def legible(self) -> tuple[int, tuple[str, ...]]:
        """How many workspaces have the app, and those whose tokens no configured key opens; changes nothing."""
        async with self.store.read() as uow:
            rows = await uow.installations.active()
        return len(rows), tuple(row.team for row in rows if not self._opens(row))

    async def reseal(self) -> Sealing:
        """Seal anew what an earlier key sealed, so that the earlier key may be taken away."""
        async with self.store.write() as uow:
            rows = await uow.installations.active()
            resealed = [row.team for row in rows if not self._is_current(row) and self._resealed(row)]
            left = [row.team for row in rows if not self._is_current(row)]
        return Sealing(len(rows), len(resealed), tuple(left))

    def _resealed(self, row: Installation) -> bool:
        installed = self._opened(row) if self._opens(row) else None
        if installed is not None:
            self._seal(row, installed.tokens)
        return installed is not None

    def _opens(self, row: Installation) -> bool:
        try:
            self._opened(row)
        except Unreadable:
            return False
        return True

    def _is_current(self, row: Installation) -> bool:
        return all(self.vault.is_current(sealed) for sealed in (row.bot_token, row.refresh_token) if sealed is not None)

    def _write(self, row: Installation, grant: Grant, now: datetime) -> None:
        row.team_name, row.url, row.bot_name = grant.bot.team_name[:200], grant.bot.url[:300], grant.bot.bot_name[:200]
        row.app_id, row.bot_user_id, row.bot_id = grant.app_id, grant.bot.bot_user_id, grant.bot.bot_id
        row.scopes = ",".join(grant.scopes)
        row.installed_at, row.installed_by, row.uninstalled_at = now, grant.installed_by, None
        self._seal(row, grant.tokens)

    def _seal(self, row: Installation, tokens: Tokens) -> None:
        row.bot_token = self.vault.seal(tokens.bot, f"{row.team}:bot")
        row.refresh_token = None if tokens.refresh is None else self.vault.seal(tokens.refresh, f"{row.team}:refresh")
        row.expires_at = tokens.expires_at
        row.renewing_until = None

    def _opened(self, row: Installation) -> Installed | None:
        if row.bot_token is None:
            return None
        bot = self.vault.open(row.bot_token, f"{row.team}:bot")
        refresh = None if row.refresh_token is None else self.vault.open(row.refresh_token, f"{row.team}:refresh")
        return Installed(row.bot, Tokens(bot, refresh, row.expires_at))


def _new(grant: Grant, now: datetime) -> Installation:
    bot = grant.bot
    return Installation(
        team=bot.team,
        team_name=bot.team_name,
        url=bot.url,
        app_id=grant.app_id,
        bot_user_id=bot.bot_user_id,
        bot_id=bot.bot_id,
        installed_at=now,
        installed_by=grant.installed_by,
    )


async def _owe_backfills(uow: UnitOfWork, team: str, now: datetime) -> None:
    for incident in await uow.incidents.open(team, limit=BACKFILLED_MAX):
        if incident.channel_id is not None:
            await owe_backfill(uow, incident, now)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
