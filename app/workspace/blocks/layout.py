"""The blocks themselves: what each may hold and where it may stand."""

from app.workspace.blocks import elements, objects
from app.workspace.blocks.fields import (
    Anything,
    Chars,
    Flag,
    Items,
    OneOf,
    Rule,
    Shape,
    Whole,
    at_least_one,
    exactly_one,
)
from app.workspace.blocks.objects import plain, words

MESSAGE, MODAL, HOME = "message", "modal", "home"
EVERYWHERE = frozenset({MESSAGE, MODAL, HOME})

_BLOCK: dict[str, Rule] = {"type": Chars(), "block_id": objects.BLOCK_ID}
_TEXT_OR_IMAGE = {
    "image": elements.ELEMENTS["image"],
    "plain_text": words().shapes["plain_text"],
    "mrkdwn": words().shapes["mrkdwn"],
}
_RICH = frozenset(
    {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"},
)
_RICH_PART = Shape(
    {
        "type": Chars(among=_RICH),
        "elements": Items(Anything(), 1000, 0),
        "style": Anything(),
        "indent": Whole(0, 8),
        "offset": Whole(),
        "border": Whole(0, 1),
        "language": Chars(),
    },
    ("type", "elements"),
)
_RICH_TEXT = Shape(_BLOCK | {"elements": Items(_RICH_PART, 1000, 0)}, ("elements",))
_CELL = OneOf(
    {
        "raw_text": Shape({"type": Chars(), "text": Chars()}, ("text",)),
        "raw_number": Shape({"type": Chars(), "value": Anything(), "text": Chars()}, ("value",)),
        "rich_text": _RICH_TEXT,
    }
)
_COLUMN = Shape(
    {"align": Chars(among=frozenset({"left", "center", "right"})), "is_wrapped": Flag()},
)

BLOCKS: dict[str, Rule] = {
    "actions": Shape(_BLOCK | {"elements": Items(OneOf(elements.ELEMENTS, elements.IN_ACTIONS), 25)}, ("elements",)),
    "context": Shape(_BLOCK | {"elements": Items(OneOf(_TEXT_OR_IMAGE), 10)}, ("elements",)),
    "context_actions": Shape(
        _BLOCK | {"elements": Items(OneOf(elements.ELEMENTS, ("feedback_buttons", "icon_button")), 5)},
        ("elements",),
    ),
    "divider": Shape(_BLOCK),
    "header": Shape(_BLOCK | {"text": plain(150), "level": Whole(1, 4)}, ("text",)),
    "image": Shape(
        _BLOCK
        | {
            "image_url": objects.URL,
            "slack_file": objects.SLACK_FILE,
            "alt_text": Chars(2000),
            "title": plain(2000),
        },
        ("alt_text",),
        also=exactly_one("image_url", "slack_file"),
    ),
    "input": Shape(
        _BLOCK
        | {
            "label": plain(2000),
            "element": OneOf(elements.ELEMENTS, elements.IN_INPUT),
            "dispatch_action": Flag(),
            "hint": plain(2000),
            "optional": Flag(),
        },
        ("label", "element"),
    ),
    "markdown": Shape(_BLOCK | {"text": Chars(12_000)}, ("text",)),
    "rich_text": _RICH_TEXT,
    "section": Shape(
        _BLOCK
        | {
            "text": words(3000),
            "fields": Items(words(2000), 10),
            "accessory": OneOf(elements.ELEMENTS, elements.IN_SECTION),
            "expand": Flag(),
        },
        also=at_least_one("text", "fields"),
    ),
    "table": Shape(
        _BLOCK | {"rows": Items(Items(_CELL, 20), 100), "column_settings": Items(_COLUMN, 20, 0)}, ("rows",)
    ),
    "video": Shape(
        _BLOCK
        | {
            "title": plain(200),
            "title_url": objects.URL,
            "video_url": objects.URL,
            "thumbnail_url": objects.URL,
            "alt_text": Chars(),
            "description": plain(200),
            "author_name": Chars(50),
            "provider_name": Chars(),
            "provider_icon_url": objects.URL,
        },
        ("title", "video_url", "thumbnail_url", "alt_text"),
    ),
}

# Where a block may stand; everywhere unless named here.
SURFACES: dict[str, frozenset[str]] = {
    "context_actions": frozenset({MESSAGE}),
    "input": frozenset({MODAL, HOME}),
    "markdown": frozenset({MESSAGE}),
    "table": frozenset({MESSAGE}),
}
