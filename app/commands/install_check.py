"""Whether workspaces can install the app, and whether those that have can be served."""

from __future__ import annotations

from collections.abc import AsyncIterator

from app.database import reachable, state_of
from app.domain.errors import BadSetup
from app.ports.chat import ChatError, ChatRefused
from app.scheduler.system_clock import SystemClock
from app.services.installations import Installations
from app.settings import SLACK_API_URL, Settings
from app.slack.gateway.installed import Client
from app.slack.inspection import try_client
from app.store.sql_store import SqlStore
from app.store.vault import KeyRing

_OURS = {"invalid_client_id": "SLACK_CLIENT_ID", "bad_client_secret": "SLACK_CLIENT_SECRET"}


async def installing(settings: Settings) -> AsyncIterator[tuple[str, str, str]]:
    """What is to be said of it: what about, what is well, or else what is wrong and what to do."""
    yield "OAuth client", "Slack knows it", await _client(settings)
    yield "Install page", f"{settings.address(settings.port)}/slack/install", _address(settings)
    async for finding in _workspaces(settings):
        yield finding


async def _client(settings: Settings) -> str:
    secret = settings.slack_client_secret.get_secret_value() if settings.slack_client_secret else ""
    try:
        await try_client(Client(settings.slack_client_id or "", secret, settings.slack_api_url), SystemClock())
    except ChatRefused as error:
        variable = _OURS.get(error.code)
        return f"{variable} is refused ({error.code}). Copy it from Basic Information again" if variable else ""
    except ChatError as error:
        return f"Slack can't be reached ({error.code}). Check the network, proxies and SLACK_API_URL"
    return ""


def _address(settings: Settings) -> str:
    if settings.slack_api_url != SLACK_API_URL or settings.address(settings.port).startswith("https://"):
        return ""
    return "PUBLIC_URL must be an https address: Slack sends browsers back to no other. Put it under Redirect URLs too"


async def _workspaces(settings: Settings) -> AsyncIterator[tuple[str, str, str]]:
    try:
        if await state_of(settings.database_url) != "current":
            return
        store = SqlStore(settings.database_url)
    except BadSetup:
        return
    try:
        with reachable():
            installations = Installations(store, SystemClock(), KeyRing(settings.sealing_secrets))
            total, unreadable = await installations.legible()
    finally:
        await store.close()
    well = f"{total} installed it, and their tokens can be read" if total else "none has installed it yet"
    fault = f"the tokens of {', '.join(unreadable)} can't be read. Add the earlier key to TOKEN_ENCRYPTION_KEY"
    yield "Workspaces", well, fault if unreadable else ""
