"""The people of the demo by their handles, and the agent that misbehaves."""

from __future__ import annotations

from app.workspace import Workspace
from app.workspace.model import User

ADA = "ada"
BEN = "ben"
CHEN = "chen"
DARA = "dara"
ELI = "eli"
FATIMA = "fatima"
PENNY = "penny"


def add_agent(workspace: Workspace) -> None:
    """Add Penny, the payments agent under incident, as a bot of the workspace."""
    workspace.users["U00000PENNY"] = User(
        "U00000PENNY", PENNY, "Penny", title="Payments agent", is_bot=True, bot_id="B00000PENNY"
    )
