"""Slack's check that a request URL belongs to the app, done when it is entered in the configuration."""

import secrets

from app.workspace.links import NotReachedError
from app.workspace.model import Json
from app.workspace.state import State


async def verify(state: State) -> bool:
    """True when the app's request URL answers the challenge."""
    challenge = secrets.token_hex(16)
    payload: Json = {"type": "url_verification", "token": "local-workspace", "challenge": challenge}
    try:
        answer = await state.http.send("events_api", payload, state.answer_timeout_seconds)
    except NotReachedError:
        return False
    if not answer.ok:
        return False
    said = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
    return bool(said == challenge)
