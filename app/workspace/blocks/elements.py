"""The elements that stand in blocks: what each may hold."""

from typing import Any

from app.workspace.blocks import objects
from app.workspace.blocks.fields import (
    Anything,
    Chars,
    Flag,
    Items,
    Rule,
    Shape,
    Whole,
    exactly_one,
    problem,
)
from app.workspace.blocks.objects import plain

_COMMON: dict[str, Rule] = {"type": Chars(), "action_id": objects.ACTION_ID}
_ASKED: dict[str, Rule] = _COMMON | {
    "confirm": objects.CONFIRM,
    "focus_on_load": Flag(),
    "placeholder": plain(150),
}
_MANY: dict[str, Rule] = _ASKED | {"max_selected_items": Whole(1)}
_TYPED: dict[str, Rule] = _COMMON | {
    "placeholder": plain(150),
    "focus_on_load": Flag(),
    "dispatch_action_config": objects.DISPATCH_CONFIG,
}
_STYLE = Chars(among=frozenset({"primary", "danger"}))
_LISTED: dict[str, Rule] = {
    "options": Items(objects.MENU_OPTION, 100),
    "option_groups": Items(objects.OPTION_GROUP, 100),
}


def _pure(option: Any) -> tuple[Any, Any]:
    return option["text"]["text"], option.get("value")


def _initial_is_listed(value: dict[str, Any], path: str) -> list[str]:
    listed = list(value.get("options") or [])
    for group in value.get("option_groups") or []:
        listed += group["options"]
    first = [value["initial_option"]] if value.get("initial_option") else value.get("initial_options") or []
    there = {_pure(option) for option in listed}
    if all(_pure(option) in there for option in first):
        return []
    return [problem(path, "initial option(s) must be among the options")]


def _menu(value: dict[str, Any], path: str) -> list[str]:
    return exactly_one("options", "option_groups")(value, path) or _initial_is_listed(value, path)


def _lengths(value: dict[str, Any], path: str) -> list[str]:
    low, high = value.get("min_length") or 0, value.get("max_length") or 3000
    return [] if low <= high else [problem(path, "min_length must not be more than max_length")]


_IMAGE = Shape(
    {"type": Chars(), "image_url": objects.URL, "alt_text": Chars(2000), "slack_file": objects.SLACK_FILE},
    ("alt_text",),
    also=exactly_one("image_url", "slack_file"),
)
_BUTTON = Shape(
    _COMMON
    | {
        "text": plain(75),
        "url": objects.URL,
        "value": Chars(2000),
        "style": _STYLE,
        "confirm": objects.CONFIRM,
        "accessibility_label": Chars(75),
        "agent_prompt": Chars(4000),
        "agent_prompt_display": Chars(),
    },
    ("text",),
)
_FEEDBACK = Shape({"text": plain(75), "value": Chars(2000), "accessibility_label": Chars(75)}, ("text", "value"))

ELEMENTS: dict[str, Rule] = {
    "button": _BUTTON,
    "image": _IMAGE,
    "workflow_button": Shape(
        _COMMON | {"text": plain(75), "workflow": Anything(), "style": _STYLE, "accessibility_label": Chars(75)},
        ("text", "workflow"),
    ),
    "icon_button": Shape(
        _COMMON
        | {
            "icon": Chars(among=frozenset({"trash"})),
            "text": plain(75),
            "value": Chars(2000),
            "confirm": objects.CONFIRM,
            "accessibility_label": Chars(75),
            "visible_to_user_ids": Items(Chars(), 10),
        },
        ("icon", "text"),
    ),
    "feedback_buttons": Shape(
        _COMMON | {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        ("positive_button", "negative_button"),
    ),
    "overflow": Shape(
        _COMMON | {"options": Items(objects.OVERFLOW_OPTION, 5), "confirm": objects.CONFIRM}, ("options",)
    ),
    "static_select": Shape(_ASKED | _LISTED | {"initial_option": objects.MENU_OPTION}, also=_menu),
    "multi_static_select": Shape(_MANY | _LISTED | {"initial_options": Items(objects.MENU_OPTION, 100)}, also=_menu),
    "external_select": Shape(
        _ASKED | {"initial_option": objects.MENU_OPTION, "min_query_length": Whole()},
    ),
    "multi_external_select": Shape(
        _MANY | {"initial_options": Items(objects.MENU_OPTION, 100), "min_query_length": Whole()}
    ),
    "users_select": Shape(_ASKED | {"initial_user": Chars()}),
    "multi_users_select": Shape(_MANY | {"initial_users": Items(Chars(), 1000, 0)}),
    "conversations_select": Shape(
        _ASKED
        | {
            "initial_conversation": Chars(),
            "default_to_current_conversation": Flag(),
            "response_url_enabled": Flag(),
            "filter": objects.CONVERSATION_FILTER,
        }
    ),
    "multi_conversations_select": Shape(
        _MANY
        | {
            "initial_conversations": Items(Chars(), 1000, 0),
            "default_to_current_conversation": Flag(),
            "filter": objects.CONVERSATION_FILTER,
        }
    ),
    "channels_select": Shape(_ASKED | {"initial_channel": Chars(), "response_url_enabled": Flag()}),
    "multi_channels_select": Shape(_MANY | {"initial_channels": Items(Chars(), 1000, 0)}),
    "datepicker": Shape(_ASKED | {"initial_date": Chars(pattern=r"\d{4}-\d{2}-\d{2}")}),
    "timepicker": Shape(_ASKED | {"initial_time": Chars(pattern=r"([01]\d|2[0-3]):[0-5]\d"), "timezone": Chars()}),
    "datetimepicker": Shape(
        _COMMON
        | {
            "confirm": objects.CONFIRM,
            "focus_on_load": Flag(),
            "initial_date_time": Whole(1_000_000_000, 9_999_999_999),
        }
    ),
    "checkboxes": Shape(
        _COMMON
        | {
            "options": Items(objects.BOX_OPTION, 10),
            "initial_options": Items(objects.BOX_OPTION, 10),
            "confirm": objects.CONFIRM,
            "focus_on_load": Flag(),
        },
        ("options",),
        also=_initial_is_listed,
    ),
    "radio_buttons": Shape(
        _COMMON
        | {
            "options": Items(objects.BOX_OPTION, 10),
            "initial_option": objects.BOX_OPTION,
            "confirm": objects.CONFIRM,
            "focus_on_load": Flag(),
        },
        ("options",),
        also=_initial_is_listed,
    ),
    "plain_text_input": Shape(
        _TYPED
        | {
            "initial_value": Chars(3000, 0),
            "multiline": Flag(),
            "min_length": Whole(0, 3000),
            "max_length": Whole(1, 3000),
        },
        also=_lengths,
    ),
    "email_text_input": Shape(_TYPED | {"initial_value": Chars(low=0)}),
    "url_text_input": Shape(_TYPED | {"initial_value": Chars(low=0)}),
    "number_input": Shape(
        _TYPED
        | {
            "is_decimal_allowed": Flag(),
            "initial_value": Chars(),
            "min_value": Chars(),
            "max_value": Chars(),
        },
        ("is_decimal_allowed",),
    ),
    "rich_text_input": Shape(
        _TYPED | {"initial_value": Anything(), "min_lines": Whole(1, 100), "max_lines": Whole(1, 100)}
    ),
    "file_input": Shape(
        _COMMON | {"filetypes": Items(Chars(), 100), "max_files": Whole(1, 10)},
    ),
}
SINGLE_MENUS = (
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
)
MANY_MENUS = tuple(f"multi_{name}" for name in SINGLE_MENUS)
PICKERS = ("datepicker", "timepicker")
BOXES = ("checkboxes", "radio_buttons")
TYPED = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
)
IN_SECTION = (
    "button",
    "image",
    "overflow",
    "workflow_button",
    *PICKERS,
    *BOXES,
    *SINGLE_MENUS,
    *MANY_MENUS,
)
IN_ACTIONS = (
    "button",
    "overflow",
    "workflow_button",
    "datetimepicker",
    "rich_text_input",
    *PICKERS,
    *BOXES,
    *SINGLE_MENUS,
)
IN_INPUT = ("datetimepicker", *PICKERS, *BOXES, *SINGLE_MENUS, *MANY_MENUS, *TYPED)
