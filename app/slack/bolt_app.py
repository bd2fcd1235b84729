"""The Bolt app: requests checked, events stored, listeners found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from app.slack.gateway.workspaces import Workspaces
from app.slack.ids import COMMAND, HEARD
from app.slack.listeners.ask import Desk
from app.slack.listeners.capture import Middleware, recording
from app.slack.listeners.command import command
from app.slack.listeners.edge import at_the_edge
from app.slack.listeners.home import home_opened
from app.slack.listeners.model_draft import typed
from app.slack.listeners.tables import ACTIONS, OPTIONS, SHORTCUTS, VIEWS

NOT_INSTALLED = "This app isn't installed in your workspace (any more). An administrator can install it again."


def build_app(workspaces: Workspaces, desk: Desk, signing_secret: str, first: Sequence[Middleware] = ()) -> AsyncApp:
    """The app of one workspace or many; needs a running event loop. Signatures are checked, then `first` are called."""
    ours = workspaces.client
    app = AsyncApp(
        name="ai-incident",
        signing_secret=signing_secret,
        # Bolt wants no token beside `authorize`, and our listeners have their own way to Slack.
        client=AsyncWebClient(base_url=ours.base_url, session=ours.session, retry_handlers=[]),
        # None says that the app is not installed there, which its type leaves out.
        authorize=_authorizing(workspaces),  # type: ignore[arg-type]
        user_facing_authorize_error_message=NOT_INSTALLED,
    )
    for middleware in (*first, recording(desk.services.capture)):
        app.middleware(middleware)
    answers = partial(at_the_edge, desk)
    app.command(COMMAND)(answers(command))
    app.event("app_home_opened")(answers(home_opened))
    for action, handler in ACTIONS.items():
        app.action(str(action))(answers(handler))
    for field in HEARD:
        app.action({"block_id": field, "action_id": field})(answers(typed))
    for field, handler in OPTIONS.items():
        app.options(field)(answers(handler))
    for view, handler in VIEWS.items():
        app.view(str(view))(answers(handler))
    for shortcut, handler in SHORTCUTS.items():
        app.shortcut(str(shortcut))(answers(handler))
    return app


def _authorizing(workspaces: Workspaces) -> Callable[..., Awaitable[AuthorizeResult | None]]:
    """Who we are in a workspace, for Bolt; asking Slack for it with every event would double the calls."""

    async def authorize(team_id: str | None) -> AuthorizeResult | None:
        bot = await workspaces.bot_in(team_id or "")
        if bot is None:
            return None
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_user_id=bot.bot_user_id, bot_id=bot.bot_id)

    return authorize
