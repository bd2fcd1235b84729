"""Installing the app in the workspace and taking it out again."""

from app.workspace import announce
from app.workspace.model import Json
from app.workspace.state import State


def oauth_code(state: State, installer: str) -> str:
    """A code that oauth.v2.access exchanges once for the bot token."""
    code = f"{state.team.id}.{state.ids.count('oauth_code'):020x}"
    state.oauth_codes[code] = installer
    return code


def uninstall(state: State) -> None:
    """Take the app out: its tokens no longer work, and it is told so if it asked to be."""
    revoked: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [state.app.bot_user_id]}}
    announce.announce(state, "tokens_revoked", revoked | {"event_ts": state.timestamps.next()})
    gone: Json = {"type": "app_uninstalled", "event_ts": state.timestamps.next()}
    announce.announce(state, "app_uninstalled", gone)
    state.app.installed = False
    state.tokens.revoke_all()
