"""users.* and team.info: who is here."""

from app.workspace import shapes
from app.workspace.errors import SlackError
from app.workspace.model import Json
from app.workspace.web_api.invocation import Invocation, method
from app.workspace.web_api.paging import page
from app.workspace.web_api.reading import kinds


@method("users.info")
def info(call: Invocation) -> Json:
    """One user."""
    user = call.state.users.get(call.required("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": shapes.user(call.state, user)}


@method("users.list")
def list_users(call: Invocation) -> Json:
    """Every user."""
    chosen, rest = page(call, list(call.state.users.values()), default=1000)
    members = [shapes.user(call.state, one) for one in chosen]
    return {"members": members, "cache_ts": call.state.now_seconds} | rest


@method("users.conversations")
def conversations(call: Invocation) -> Json:
    """The channels that a user, or the bot, is in; of private ones only those the bot is in too."""
    user = call.text("user") or call.bot
    if user not in call.state.users:
        raise SlackError("user_not_found")
    wanted = kinds(call)
    joined = [
        channel
        for channel in call.state.channels.values()
        if channel.kind in wanted
        and user in channel.members
        and (channel.kind == "public" or call.bot in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]
    chosen, rest = page(call, joined, default=100)
    return {"channels": [shapes.channel(call.state, one) for one in chosen]} | rest


@method("users.lookupByEmail")
def lookup_by_email(call: Invocation) -> Json:
    """The user with an e-mail address."""
    email = call.required("email").lower()
    for user in call.state.users.values():
        if user.email and user.email.lower() == email and not user.deleted:
            return {"user": shapes.user(call.state, user)}
    raise SlackError("users_not_found")


@method("team.info")
def team_info(call: Invocation) -> Json:
    """The workspace itself."""
    team = call.state.team
    about = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}
    return {"team": about | {"url": f"{call.state.base_url}/"}}
