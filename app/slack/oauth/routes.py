"""GET /slack/install and /slack/oauth_redirect: from the link to the consent page and back, in one browser."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

import structlog
from aiohttp import web

from app.domain.errors import Invalid
from app.ports.chat import ChatError, ChatRefused
from app.slack.gateway.exchange import ORGANISATION
from app.slack.gateway.installed import InstalledWorkspaces
from app.slack.oauth import pages
from app.slack.oauth.pages import Page

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
COOKIE = "ai_incident_install"
COOKIE_SECONDS = 600
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_TEAM = re.compile(r"T[A-Z0-9]{2,31}")


@dataclass(frozen=True)
class Asked:
    """What is asked of a workspace. `address`: how browsers reach us; `channel`: where incidents are announced."""

    client_id: str
    scopes: tuple[str, ...]
    api_url: str
    address: Callable[[], str]
    channel: str

    @property
    def redirect_uri(self) -> str:
        return self.address() + REDIRECT

    def consent_url(self, state: str, team: str | None) -> str:
        """Slack's consent page; it stands beside the Web API."""
        query = {
            "client_id": self.client_id,
            "scope": ",".join(self.scopes),
            "redirect_uri": self.redirect_uri,
            "state": state,
        }
        chosen = {"team": team} if team else {}
        return f"{urljoin(self.api_url, '../oauth/v2/authorize')}?{urlencode(query | chosen)}"


@dataclass(frozen=True)
class InstallPages:
    """The two pages of an installation. Whoever comes back must be who went, and only once."""

    workspaces: InstalledWorkspaces
    asked: Asked

    @property
    def routes(self) -> Mapping[str, Handler]:
        """The handlers by path, all for GET."""
        return {INSTALL: self.install, REDIRECT: self.redirect}

    async def install(self, request: web.Request) -> web.Response:
        """The way to Slack. `?team=T…` chooses a workspace beforehand."""
        browser = _browser(request) or secrets.token_urlsafe(32)
        response = (await self._page(self._offered(request.query.get("team", ""), browser))).response()
        response.set_cookie(
            COOKIE,
            browser,
            max_age=COOKIE_SECONDS,
            path="/slack",
            httponly=True,
            samesite="Lax",
            secure=self.asked.address().startswith("https://"),
        )
        return response

    async def redirect(self, request: web.Request) -> web.Response:
        """The way back: what was granted is kept, or a page says why not."""
        return (await self._page(self._judged(request.query, _browser(request)))).response()

    async def _page(self, made: Awaitable[Page]) -> Page:
        """The page, or the one that says what went wrong: this is the edge to the browser."""
        try:
            return await made
        except Invalid as error:
            return pages.refused(str(error))
        except ChatRefused as error:
            log.warning("install_refused", code=error.code)
            return pages.organisation() if error.code == ORGANISATION else pages.slack_refused(error.code)
        except ChatError as error:
            log.warning("install_unanswered", code=error.code)
            return pages.silent()
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("install_failed", reference=reference)
            return pages.broken(reference)

    async def _offered(self, team: str, browser: str) -> Page:
        state = await self.workspaces.installations.begin(browser)
        return pages.offer(self.asked.consent_url(state, team if _TEAM.fullmatch(team) else None))

    async def _judged(self, query: Mapping[str, str], browser: str | None) -> Page:
        await self.workspaces.installations.redeem(query.get("state", ""), browser or "")
        if query.get("error"):
            return pages.denied() if query["error"] == "access_denied" else pages.slack_refused(query["error"])
        if not query.get("code"):
            return pages.slack_refused("no_code")
        grant = await self.workspaces.exchange.grant(query["code"], self.asked.redirect_uri)
        await self.workspaces.installations.install(grant)
        self.workspaces.forget(grant.bot.team)
        return pages.installed(grant.bot.team_name, grant.bot.url, self.asked.channel)


def _browser(request: web.Request) -> str | None:
    """The secret that this browser was given, None if it has none of ours."""
    given = request.cookies.get(COOKIE, "")
    return given if _SECRET.fullmatch(given) else None
