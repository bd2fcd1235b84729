"""Whom the product serves: the one workspace whose token is set, or every workspace that installs the app."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
import yaml

from app.database import reachable
from app.domain.errors import BadSetup
from app.manifest import manifest_file
from app.ports.observer import Observer
from app.services.installations import Installations
from app.settings import Settings
from app.slack.gateway.installed import Client, InstalledWorkspaces
from app.slack.gateway.workspaces import Seconds, Workspaces, open_workspace
from app.slack.listeners.capture import Middleware
from app.slack.listeners.leaving import leaving
from app.slack.oauth.routes import Asked, Handler, InstallPages
from app.store.vault import KeyRing
from app.workbench import Workbench

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Tenants:
    """The workspaces, with what installing them needs; for the one workspace of a token, nothing.

    `first`: what hears of Slack's requests first; `pages`: handlers of GET by path.
    """

    workspaces: Workspaces
    first: Sequence[Middleware] = ()
    pages: Mapping[str, Handler] = field(default_factory=dict)
    installations: Installations | None = None

    async def unlock(self) -> None:
        """Seal tokens anew under the first key. Raises BadSetup when none of them can be read."""
        if self.installations is None:
            return
        with reachable():
            sealing = await self.installations.reseal()
        if sealing.unreadable:
            log.warning("tokens_unreadable", teams=sealing.unreadable)
        if sealing.resealed:
            log.info("tokens_resealed", count=sealing.resealed)
        if len(sealing.unreadable) == sealing.installed > 0:
            raise BadSetup([UNREADABLE])


UNREADABLE = (
    "TOKEN_ENCRYPTION_KEY: opens none of the stored tokens, and SLACK_CLIENT_SECRET neither. Add the key that they "
    "were encrypted with, after a comma. For example: TOKEN_ENCRYPTION_KEY=the-new-key,the-old-key"
)


def tenants_of(
    settings: Settings,
    bench: Workbench,
    observer: Observer,
    address: Callable[[], str],
    monotonic: Seconds = time.monotonic,
) -> Tenants:
    """The tenants as configured; needs a running event loop. `address`: how browsers reach us, known once it listens.

    `monotonic`: the seconds by which the one workspace of a token counts calls.
    Raises BadSetup when credentials are missing.
    """
    problems = settings.missing_for_serve()
    if problems:
        raise BadSetup(problems)
    if settings.slack_bot_token is not None:
        token = settings.slack_bot_token.get_secret_value()
        return Tenants(open_workspace(token, api_url=settings.slack_api_url, observer=observer, monotonic=monotonic))
    return _many(settings, bench, observer, address)


def _many(settings: Settings, bench: Workbench, observer: Observer, address: Callable[[], str]) -> Tenants:
    client_id, secret = settings.slack_client_id or "", settings.slack_client_secret
    client = Client(client_id, secret.get_secret_value() if secret else "", settings.slack_api_url)
    installations = Installations(bench.store, bench.clock, KeyRing(settings.sealing_secrets))
    workspaces = InstalledWorkspaces(installations, client, bench.clock, observer)
    asked = Asked(client_id, _scopes(), settings.slack_api_url, address, settings.incidents_channel)
    pages = InstallPages(workspaces, asked)
    return Tenants(workspaces, (leaving(workspaces),), pages.routes, installations)


def _scopes() -> tuple[str, ...]:
    manifest = yaml.safe_load(manifest_file().read_text(encoding="utf-8"))
    return tuple(manifest["oauth_config"]["scopes"]["bot"])
