"""What a person entered, read from the state of a form whatever kind of input it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]


def texts(view: Json) -> dict[str, str]:
    """Every field with something in it: its name and its text, or the value of what was chosen (dates as ISO)."""
    found = {name: _text(state) for name, state in _fields(view)}
    return {name: text for name, text in found.items() if text}


def as_slack_sends(text: str) -> str:
    """Words from a form as a message would carry them: Slack escapes messages and commands, and leaves forms alone."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def people(view: Json, name: str) -> tuple[str, ...]:
    """The users chosen in a field, in the order chosen; empty for none."""
    for field, state in _fields(view):
        if field == name:
            one = [state["selected_user"]] if state.get("selected_user") else []
            return tuple(dict.fromkeys([*(state.get("selected_users") or ()), *one]))
    return ()


def several(view: Json, name: str) -> tuple[str, ...]:
    """The values of the options chosen in a field, in the order chosen; empty for none."""
    for field, state in _fields(view):
        if field == name:
            return tuple(str(one.get("value") or "") for one in state.get("selected_options") or ())
    return ()


def moments(view: Json) -> dict[str, datetime]:
    """Every date and time that was chosen, by field; aware and UTC."""
    found = {name: state.get("selected_date_time") for name, state in _fields(view)}
    return {name: datetime.fromtimestamp(int(at), UTC) for name, at in found.items() if at}


def input_names(view: Json) -> list[str]:
    """The names of the view's input fields, from the top down."""
    return [str(one["block_id"]) for one in view.get("blocks") or () if one.get("type") == "input"]


def _fields(view: Json) -> list[tuple[str, Json]]:
    values = (view.get("state") or {}).get("values") or {}
    return [(action, state) for actions in values.values() for action, state in actions.items()]


def _text(state: Json) -> str:
    chosen = state.get("selected_option")
    if chosen:
        return str(chosen.get("value") or "")
    return str(state.get("value") or state.get("selected_user") or state.get("selected_date") or "")
