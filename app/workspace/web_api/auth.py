"""auth.test, oauth.v2.access and apps.connections.open: who calls, and how they are reached."""

from app.workspace.errors import SlackError
from app.workspace.model import Json
from app.workspace.web_api.invocation import Invocation, method


@method("auth.test")
def test(call: Invocation) -> Json:
    """Whose token this is."""
    bot = call.state.users[call.bot]
    return {
        "url": f"{call.state.base_url}/",
        "team": call.state.team.name,
        "user": bot.name,
        "team_id": call.state.team.id,
        "user_id": bot.id,
        "bot_id": call.state.app.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def open_connection(call: Invocation) -> Json:
    """The address of a web socket for Socket Mode, good for one connection."""
    address = call.state.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link?ticket={call.state.sockets.ticket()}"}


@method("oauth.v2.access")
def oauth_access(call: Invocation) -> Json:
    """The bot token, for a code that the installation gave out or for a refresh token."""
    app = call.state.app
    if call.text("client_id") != app.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")
    match call.text("grant_type", "authorization_code"):
        case "authorization_code":
            return _granted(call)
        case "refresh_token":
            return _described(call) | call.state.tokens.renew(call.required("refresh_token"))
    raise SlackError("invalid_grant_type")


def _granted(call: Invocation) -> Json:
    installer = call.state.oauth_codes.pop(call.text("code"), None)
    if installer is None:
        raise SlackError("invalid_code")
    call.state.app.installed = True
    return _described(call) | call.state.tokens.issue() | {"authed_user": {"id": installer}}


def _described(call: Invocation) -> Json:
    app = call.state.app
    return {
        "scope": ",".join(sorted(app.scopes)),
        "bot_user_id": app.bot_user_id,
        "app_id": app.app_id,
        "team": {"id": call.state.team.id, "name": call.state.team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
