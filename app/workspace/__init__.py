"""A local Slack workspace that a real Slack app connects to as it would to Slack.

It knows nothing of the app under test: it speaks Slack's Web API, Events API, interactivity and Socket
Mode over real sockets, and lets people act in it from Python or from a browser page.
"""

from app.workspace import faults
from app.workspace.errors import AppFailureError, FormRefusedError, NotOnScreenError, SlackError
from app.workspace.seed import seed_workspace
from app.workspace.server import WorkspaceServer
from app.workspace.slack_app import Shortcut, SlackApp
from app.workspace.workspace import Workspace

__all__ = [
    "AppFailureError",
    "FormRefusedError",
    "NotOnScreenError",
    "Shortcut",
    "SlackApp",
    "SlackError",
    "Workspace",
    "WorkspaceServer",
    "faults",
    "seed_workspace",
]
