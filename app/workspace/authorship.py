"""How the app's own messages are signed."""

from app.workspace.model import Json, Message
from app.workspace.state import State


def as_app(state: State) -> Json:
    """The fields of `Message` that mark it as posted by the app."""
    return {"bot_id": state.app.bot_id, "app_id": state.app.app_id}


def by_app(state: State, message: Message) -> bool:
    """True of a message that the app posted."""
    return message.bot_id == state.app.bot_id
