"""Finding the parts of blocks that people can use, and Slack's shape for what they choose."""

from collections.abc import Iterator
from typing import Any

from app.workspace.errors import NotOnScreenError
from app.workspace.model import Json

# By element type: the key that holds the choice, and the key that holds a choice made beforehand.
CHOICES: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
_MANY = frozenset(
    {
        "selected_options",
        "selected_users",
        "selected_conversations",
        "selected_channels",
        "files",
    }
)


def parts(block: Json) -> Iterator[Json]:
    """The objects directly inside a block: accessory, input element, elements, a card's buttons."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield block[name]
    for name in ("elements", "actions"):
        yield from (one for one in block.get(name, []) if isinstance(one, dict))


def nested(block: Json) -> list[Json]:
    """The blocks inside a block: those of a container, the cards of a carousel."""
    if block["type"] == "carousel":
        return list(block["elements"])
    return list(block.get("child_blocks", []))


def used(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) a person can act on, from top to bottom."""
    for block in blocks:
        yield from ((block, element) for element in parts(block) if "action_id" in element)
        yield from used(nested(block))


def find(blocks: list[Json], action_id: str, **wanted: Any) -> tuple[Json, Json]:
    """The first block and element with this action_id whose `value` and `block_id` are as wanted.

    `NotOnScreenError` lists what there is instead.
    """
    for block, element in used(blocks):
        if element["action_id"] != action_id:
            continue
        if wanted.get("block_id") not in (None, block.get("block_id")):
            continue
        if element["type"] == "button" and wanted.get("value") not in (None, element.get("value")):
            continue
        return block, element
    there = [f"{element['action_id']}={element.get('value', '')}" for _, element in used(blocks)]
    raise NotOnScreenError(f"no {action_id} {wanted} here, only {there}")


def inputs(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) that keeps a state, from top to bottom."""
    for block, element in used(blocks):
        if element["type"] in CHOICES and element["type"] != "overflow":
            yield block, element


def options(element: Json) -> list[Json]:
    """The options an element lists itself, groups flattened."""
    listed: list[Json] = list(element.get("options", []))
    for group in element.get("option_groups", []):
        listed += group["options"]
    return listed


def initial(element: Json) -> Json:
    """An element's state before anybody touched it."""
    key, before = CHOICES[element["type"]]
    empty: Any = [] if key in _MANY else None
    chosen = element.get(before, empty) if before else empty
    if element["type"] == "number_input" and chosen is not None:
        chosen = str(chosen)
    return {"type": element["type"], key: chosen}


def chosen(element: Json, choice: Any) -> Json:
    """An element's state after a person chose; None clears it.

    A choice is text, a number, an id, a list of these, or for options their value (or the whole option).
    """
    key, _ = CHOICES[element["type"]]
    if choice in (None, "", []):
        return {"type": element["type"], key: [] if key in _MANY else None}
    if key == "selected_option":
        choice = _option(element, choice)
    elif key == "selected_options":
        choice = [_option(element, one) for one in choice]
    elif key == "value":
        choice = str(choice)
    elif key in _MANY:
        choice = list(choice)
    return {"type": element["type"], key: choice}


def _option(element: Json, choice: Any) -> Json:
    if isinstance(choice, dict):
        return choice
    for option in options(element):
        if choice in (option.get("value"), option["text"]["text"]):
            return {"text": option["text"], "value": option["value"]}
    there = [option.get("value") for option in options(element)]
    raise NotOnScreenError(f"{choice!r} is not among the options {there}")


def is_empty(state: Json) -> bool:
    """True of a state in which nothing is chosen or typed."""
    key, _ = CHOICES[state["type"]]
    return state.get(key) in (None, "", [])
