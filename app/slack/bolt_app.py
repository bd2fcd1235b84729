"""The Bolt app: requests checked, events stored, listeners found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from app.slack.gateway.workspaces import Workspace
from app.slack.ids import COMMAND
from app.slack.listeners.ask import Desk
from app.slack.listeners.capture import recording
from app.slack.listeners.command import command
from app.slack.listeners.edge import at_the_edge
from app.slack.listeners.panel import home_opened
from app.slack.listeners.tables import ACTIONS, SHORTCUTS, VIEWS


def build_app(workspace: Workspace, desk: Desk, signing_secret: str) -> AsyncApp:
    """The app of one workspace; needs a running event loop. Signatures are checked, who we are is asked only once."""
    ours = workspace.calls.client
    # Bolt wants no token beside `authorize`.
    client = AsyncWebClient(base_url=ours.base_url, session=ours.session, retry_handlers=[])
    authorize = _authorizing(workspace)
    app = AsyncApp(name="ai-incident", signing_secret=signing_secret, client=client, authorize=authorize)
    app.middleware(recording(desk.services.capture))
    app.command(COMMAND)(at_the_edge(desk, command))
    app.event("app_home_opened")(at_the_edge(desk, home_opened))
    for action, handler in ACTIONS.items():
        app.action(str(action))(at_the_edge(desk, handler))
    for view, handler in VIEWS.items():
        app.view(str(view))(at_the_edge(desk, handler))
    for shortcut, handler in SHORTCUTS.items():
        app.shortcut(str(shortcut))(at_the_edge(desk, handler))
    return app


def _authorizing(workspace: Workspace) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Who we are, for Bolt; asking Slack for it with every event would double the calls."""

    async def authorize(team_id: str | None) -> AuthorizeResult:
        who = await workspace.identity()
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id,
            bot_user_id=who.bot_user_id,
            bot_id=who.bot_id,
            bot_token=workspace.calls.client.token,
        )

    return authorize
