"""Builders of the inputs of a form: a field's name is both its block's and its element's id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app.slack.blocks import INPUT_MAX, OPTION_MAX, PLACEHOLDER_MAX, Block, clip, plain

Option = tuple[str, str]


def field(name: str, label: str, element: Block, *, required: bool = False, hint: str = "") -> Block:
    """One input; a field that isn't required is marked optional by Slack itself."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": element | {"action_id": name},
        "optional": not required,
    }
    return block | {"hint": plain(hint, 2000)} if hint else block


def heard(block: Block) -> Block:
    """The input, telling at once that somebody types or chooses in it, not only when its form is sent."""
    element = block["element"]
    if element["type"] in ("plain_text_input", "number_input"):
        element = element | {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    return block | {"element": element, "dispatch_action": True}


def text_box(*, initial: str = "", placeholder: str = "", lines: bool = False, max_length: int = INPUT_MAX) -> Block:
    """A text input; an initial text beyond Slack's limit is cut at a line, or where it has none at a character."""
    box: Block = {"type": "plain_text_input", "multiline": lines, "max_length": max_length}
    if initial:
        box["initial_value"] = within(initial, max_length)
    if placeholder:
        box["placeholder"] = plain(placeholder, PLACEHOLDER_MAX)
    return box


def number_box(*, initial: int | None = None, least: int = 1, most: int = 100_000) -> Block:
    """A whole number between `least` and `most`; `initial` None leaves it empty."""
    box: Block = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
    }
    return box | {"initial_value": str(initial)} if initial is not None else box


def option(value: str, label: str) -> Block:
    return {"text": plain(label, OPTION_MAX), "value": clip(value, 150)}


def choice(options: Sequence[Option], *, initial: str | None = None, placeholder: str = "") -> Block:
    """A select among (value, label) pairs."""
    drawn = [option(value, label) for value, label in options[:100]]
    select: Block = {"type": "static_select", "options": drawn}
    chosen = next((one for one in drawn if one["value"] == initial), None)
    if chosen:
        select["initial_option"] = chosen
    if placeholder:
        select["placeholder"] = plain(placeholder, PLACEHOLDER_MAX)
    return select


def person_box(*, initial: str | None = None, placeholder: str = "Choose a person") -> Block:
    """One person of the workspace."""
    box: Block = {"type": "users_select", "placeholder": plain(placeholder, PLACEHOLDER_MAX)}
    return box | {"initial_user": initial} if initial else box


def people_box(*, initial: Sequence[str] = (), placeholder: str = "Choose people") -> Block:
    """Several people of the workspace."""
    box: Block = {"type": "multi_users_select", "placeholder": plain(placeholder, PLACEHOLDER_MAX)}
    return box | {"initial_users": list(initial)} if initial else box


def date_box(*, initial: date | None = None) -> Block:
    """A day of the calendar."""
    box: Block = {"type": "datepicker", "placeholder": plain("Choose a day", PLACEHOLDER_MAX)}
    return box | {"initial_date": initial.isoformat()} if initial else box


def several(options: Sequence[Option], *, initial: Sequence[str] = (), placeholder: str = "") -> Block:
    """A select of any number of (value, label) pairs."""
    drawn = [option(value, label) for value, label in options[:100]]
    select: Block = {"type": "multi_static_select", "options": drawn}
    chosen = [one for one in drawn if one["value"] in initial]
    if chosen:
        select["initial_options"] = chosen
    if placeholder:
        select["placeholder"] = plain(placeholder, PLACEHOLDER_MAX)
    return select


def moment(*, initial: datetime | None = None) -> Block:
    """A date and time, chosen in the person's own time zone; `initial` None leaves it empty."""
    picker: Block = {"type": "datetimepicker"}
    return picker | {"initial_date_time": int(initial.timestamp())} if initial is not None else picker


def people_choice(*, placeholder: str) -> Block:
    return {"type": "multi_users_select", "placeholder": plain(placeholder, PLACEHOLDER_MAX)}


def person_choice(action: str, *, placeholder: str) -> Block:
    return {"type": "users_select", "action_id": action, "placeholder": plain(placeholder, PLACEHOLDER_MAX)}


def modal(callback_id: str, title: str, blocks: Sequence[Block], **rest: Any) -> Block:
    """A modal; `rest` may hold `submit`, `close` (button texts) and `private_metadata`."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "blocks": list(blocks)[:100],
        "close": plain(rest.get("close", "Cancel"), 24),
    }
    if "submit" in rest:
        view["submit"] = plain(rest["submit"], 24)
    if rest.get("private_metadata"):
        view["private_metadata"] = rest["private_metadata"]
    return view


def within(text: str, limit: int) -> str:
    """`text` cut to `limit` characters, whole lines where there are any."""
    if len(text) <= limit:
        return text
    head, newline, _ = text[: limit + 1].rpartition("\n")
    return head if newline and head else text[:limit]
