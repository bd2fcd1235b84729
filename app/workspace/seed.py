"""A ready-made workspace with people, channels and the installed app."""

from typing import Any

from app.workspace import channels
from app.workspace.model import Team, User
from app.workspace.slack_app import SlackApp
from app.workspace.workspace import Workspace

PEOPLE = (
    ("ada", "Ada Okafor", "Support lead"),
    ("ben", "Ben Castellano", "Site reliability engineer"),
    ("chen", "Chen Wei", "Machine learning engineer"),
    ("dara", "Dara Lindqvist", "Communications"),
    ("eli", "Eli Navarro", "Legal counsel"),
    ("fatima", "Fatima Haddad", "Head of product"),
    ("goran", "Goran Petrov", "Security engineer"),
    ("hana", "Hana Mori", "Data scientist"),
)
CHANNELS = (
    ("general", "Company-wide announcements"),
    ("ai-incidents", "Every incident of an AI system is announced here"),
    ("support", "What customers tell us"),
)


def seed_workspace(app: SlackApp | None = None, **how: Any) -> Workspace:
    """A workspace with eight people, three channels and the app in #ai-incidents and #general.

    `how` goes to `Workspace`: `team`, `now`, `monotonic`, `retry_delays`. The app hears nothing of what
    is done here. The first person is administrator.
    """
    app = app or SlackApp()
    team = how.pop("team", None) or Team("T0LOCAL001", "Meridian Bank", "meridian")
    workspace = Workspace(team, app, **how)
    installed, app.installed = app.installed, False
    for name, real_name, title in PEOPLE:
        user_id = workspace.ids.next("U")
        email = f"{name}@meridian.example"
        workspace.users[user_id] = User(user_id, name, real_name, email, title, is_admin=name == "ada")
    add_bot(workspace)
    everybody = [user.id for user in workspace.users.values() if not user.is_bot]
    for name, purpose in CHANNELS:
        channel = channels.create(workspace, name, "public", everybody[0])
        channel.purpose.value = purpose
        channel.general = name == "general"
        channel.members += everybody[1:]
        if name != "support":
            channel.members.append(app.bot_user_id)
    app.installed = installed
    return workspace


def add_bot(workspace: Workspace) -> User:
    """The bot user of the installed app, added to the workspace."""
    app = workspace.app
    handle = app.name.lower().replace(" ", "_")
    bot = User(app.bot_user_id, handle, app.name, is_bot=True, bot_id=app.bot_id, app_id=app.app_id)
    workspace.users[bot.id] = bot
    return bot
