"""The blocks themselves: what each may hold and where it may stand."""

from app.workspace.blocks import elements, objects
from app.workspace.blocks.cards import CARDS
from app.workspace.blocks.fields import Chars, Flag, Items, OneOf, Rule, Shape, at_least_one, exactly_one
from app.workspace.blocks.figures import FIGURES
from app.workspace.blocks.objects import plain, words
from app.workspace.blocks.rich_text import BLOCK, RICH_TEXT

MESSAGE, MODAL, HOME = "message", "modal", "home"
EVERYWHERE = frozenset({MESSAGE, MODAL, HOME})

_TEXT_OR_IMAGE = {
    "image": elements.ELEMENTS["image"],
    "plain_text": words(3000).shapes["plain_text"],
    "mrkdwn": words(3000).shapes["mrkdwn"],
}


def _container() -> Shape:
    inside = ("actions", "context", "divider", "header", "image", "rich_text", "section", "table")
    return Shape(
        BLOCK
        | {
            "title": words(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": words(150),
            "icon": OneOf({"image": elements.ELEMENTS["image"]}),
            "child_blocks": Items(OneOf(BLOCKS, inside), 10),
            "width": Chars(among=frozenset({"narrow", "standard", "wide", "full"})),
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        ("child_blocks",),
    )


BLOCKS: dict[str, Rule] = {
    "actions": Shape(BLOCK | {"elements": Items(OneOf(elements.ELEMENTS, elements.IN_ACTIONS), 25)}, ("elements",)),
    "context": Shape(BLOCK | {"elements": Items(OneOf(_TEXT_OR_IMAGE), 10)}, ("elements",)),
    "context_actions": Shape(
        BLOCK | {"elements": Items(OneOf(elements.ELEMENTS, ("feedback_buttons", "icon_button")), 5)},
        ("elements",),
    ),
    "divider": Shape(BLOCK),
    "header": Shape(BLOCK | {"text": plain(150)}, ("text",)),
    "image": Shape(
        BLOCK
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
        BLOCK
        | {
            "label": plain(2000),
            "element": OneOf(elements.ELEMENTS, elements.IN_INPUT),
            "dispatch_action": Flag(),
            "hint": plain(2000),
            "optional": Flag(),
        },
        ("label", "element"),
    ),
    "markdown": Shape(BLOCK | {"text": Chars(12_000)}, ("text",)),
    "rich_text": RICH_TEXT,
    "section": Shape(
        BLOCK
        | {
            "text": words(3000),
            "fields": Items(words(2000), 10),
            "accessory": OneOf(elements.ELEMENTS, elements.IN_SECTION),
            "expand": Flag(),
        },
        also=at_least_one("text", "fields"),
    ),
    "video": Shape(
        BLOCK
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


BLOCKS |= CARDS | FIGURES | {"container": _container()}

# Where a block may stand; everywhere unless named here.
SURFACES: dict[str, frozenset[str]] = {
    "alert": frozenset({MODAL}),
    "carousel": frozenset({MESSAGE, HOME}),
    "container": frozenset({MESSAGE, HOME}),
    "context_actions": frozenset({MESSAGE}),
    "data_table": frozenset({MESSAGE, HOME}),
    "data_visualization": frozenset({MESSAGE, HOME}),
    "input": frozenset({MODAL, HOME}),
    "markdown": frozenset({MESSAGE}),
    "plan": frozenset({MESSAGE}),
    "table": frozenset({MESSAGE, HOME}),
    "task_card": frozenset({MESSAGE}),
}

# How many blocks of one kind a message may hold, where that is limited.
PER_MESSAGE = {"data_visualization": 2, "table": 1}
