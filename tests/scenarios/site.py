"""Two workspaces that may install the product, and the browser that their administrators do it with."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import yaml
from aiohttp import ClientSession, CookieJar
from sqlalchemy import text

from app.bootstrap import build
from app.domain.installation import Installation
from app.product import Product
from app.settings import Settings
from app.slack.gateway.installed import InstalledWorkspaces
from app.store.schema import connected
from app.store.url import database_url as parsed
from app.workspace import SlackApp, Workspace, WorkspaceServer, seed_workspace
from app.workspace.model import Channel, Team

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8"))
ADA = "U0000000001"


class Browser:
    """What an administrator installs the app with."""

    def __init__(self, product: Product) -> None:
        self.session = ClientSession(f"http://127.0.0.1:{product.port}", cookie_jar=CookieJar(unsafe=True))

    async def offered(self, team: str = "") -> str:
        """Slack's address behind the button of the installation page."""
        async with self.session.get("/slack/install", params={"team": team} if team else {}) as answer:
            assert answer.status == 200
            found = re.search(r'href="([^"]+)"', await answer.text())
        assert found
        return unescape(found.group(1))

    async def follow(self, address: str) -> tuple[int, str]:
        async with self.session.get(address) as answer:
            return answer.status, await answer.text()

    async def install(self, team: str) -> tuple[int, str]:
        return await self.follow(await self.offered(team))

    async def come_back(self, **query: str) -> tuple[int, str]:
        async with self.session.get("/slack/oauth_redirect", params=query) as answer:
            return answer.status, await answer.text()


class Site:
    """Two workspaces with equal people and channels, and the product that both may install."""

    def __init__(self, database_url: str, **app: Any) -> None:
        given = {"installed": False, **app}
        first = SlackApp.from_manifest(MANIFEST, bot_token="xoxb-meridian", **given)
        second = SlackApp.from_manifest(MANIFEST, bot_token="xoxb-northwind", **given)
        delays = {"retry_delays": (0, 0.05, 0.1)}
        self.meridian = seed_workspace(first, team=Team("T0MERIDIAN", "Meridian Bank", "meridian"), **delays)
        self.northwind = seed_workspace(second, team=Team("T0NORTHWIND", "Northwind", "northwind"), **delays)
        self.server = WorkspaceServer(self.meridian, others=(self.northwind,))
        self.database_url = database_url
        self.products: list[Product] = []
        self.browsers: list[Browser] = []

    async def serve(self, **settings: Any) -> Product:
        """Start (another replica of) the product; Slack's events go to the newest."""
        app = self.meridian.app
        given: dict[str, Any] = {
            "slack_client_id": app.client_id,
            "slack_client_secret": app.client_secret,
            "slack_signing_secret": app.signing_secret,
            "slack_api_url": self.server.api_url,
            "database_url": self.database_url,
            "port": 0,
        }
        product = build(Settings(**(given | settings)))
        await product.start()
        self.products.append(product)
        for workspace in (self.meridian, self.northwind):
            workspace.app.request_url = f"http://127.0.0.1:{product.port}/slack/events"
        return product

    def browser(self, product: Product | None = None) -> Browser:
        browser = Browser(product or self.products[-1])
        self.browsers.append(browser)
        return browser

    async def stop(self) -> None:
        for browser in self.browsers:
            await browser.session.close()
        for product in self.products:
            await product.stop()
        await self.server.stop()

    async def everything_stored(self) -> str:
        """Every row of the tables that installing writes, as text."""
        tables = ("installation", "install_attempt", "audit_record", "job")
        return str([await asked(self.database_url, f"SELECT * FROM {table}") for table in tables])


async def declare(workspace: Workspace, title: str) -> Channel:
    ada = workspace.person("ada")
    await ada.command("/ai-incident", "", "general")
    modal = await workspace.until(ada.modal)
    await ada.submit(modal, {"title": title, "severity": "sev2"})
    return await workspace.until(lambda: room(workspace))


def room(workspace: Workspace) -> Channel | None:
    rooms = [one for one in workspace.channels.values() if one.name.startswith("inc-")]
    return rooms[-1] if rooms and any(one.blocks for one in rooms[-1].messages.values()) else None


def renewals(*workspaces: Workspace) -> int:
    calls = [call for workspace in workspaces for call in workspace.calls]
    return sum(call.args.get("grant_type") == "refresh_token" and call.outcome == "ok" for call in calls)


def everything(workspace: Workspace) -> str:
    return str([(one.name, [m.text for m in one.messages.values()]) for one in workspace.channels.values()])


async def installation(product: Product, team: str) -> Installation:
    async with product.bench.store.read() as uow:
        found = await uow.installations.of(team)
    assert found is not None
    return found


async def ask_slack(product: Product, team: str) -> None:
    """Make a call that needs the workspace's token."""
    await (await product.workspace.calls_of(team)).call("users.info", user=ADA)


async def expire_soon(product: Product, team: str, minutes: float = 5) -> None:
    """Let the token expire so soon (0: just now) by what is stored, and let this replica look again."""
    async with product.bench.store.write() as uow:
        row = await uow.installations.of(team)
        assert row is not None
        row.expires_at = product.bench.clock.now() + timedelta(minutes=minutes)
    assert isinstance(product.workspace, InstalledWorkspaces)
    product.workspace.forget(team)


async def pending(product: Product, team: str) -> list[str]:
    """Keys of the jobs that the workspace is owed and that nobody runs."""
    owed = "SELECT key FROM job WHERE team = :team AND state = 'pending' ORDER BY key"
    return [row[0] for row in await asked(product.settings.database_url, owed, team=team)]


async def asked(database_url: str, statement: str, **values: Any) -> list[Any]:
    """The rows that a statement gives, if it gives any."""

    def ask() -> list[Any]:
        with connected(parsed(database_url)) as connection:
            found = connection.execute(text(statement), values)
            return list(found.all()) if found.returns_rows else []

    # Not in the loop: a transaction of the product's may be open there, and would never end.
    return await asyncio.to_thread(ask)
