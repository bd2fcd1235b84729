"""Alerts, cards, carousels and the progress of tasks."""

from app.workspace.blocks import elements, objects
from app.workspace.blocks.fields import Chars, Items, OneOf, Rule, Shape, at_least_one
from app.workspace.blocks.objects import words
from app.workspace.blocks.rich_text import BLOCK, RICH_TEXT

_PICTURE = OneOf({"image": elements.ELEMENTS["image"]})
_ICON = Shape({"type": Chars(among=frozenset({"icon"})), "name": Chars()}, ("type", "name"))
_SOURCE = Shape({"type": Chars(among=frozenset({"url"})), "url": objects.URL, "text": Chars()}, ("type", "url", "text"))

_CARD = Shape(
    BLOCK
    | {
        "hero_image": _PICTURE,
        "icon": _PICTURE,
        "slack_icon": _ICON,
        "title": words(150),
        "subtitle": words(150),
        "body": words(200),
        "subtext": words(200),
        "actions": Items(OneOf(elements.ELEMENTS, ("button",)), 3),
    },
    also=at_least_one("hero_image", "title", "body", "actions"),
)
_TASK = Shape(
    BLOCK
    | {
        "task_id": Chars(),
        "title": Chars(),
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": Items(_SOURCE, 100, 0),
        "status": Chars(among=frozenset({"pending", "in_progress", "complete", "error"})),
    },
    ("task_id", "title"),
)

CARDS: dict[str, Rule] = {
    "alert": Shape(
        BLOCK
        | {
            "text": words(200),
            "level": Chars(among=frozenset({"default", "info", "warning", "error", "success"})),
        },
        ("text",),
    ),
    "card": _CARD,
    "carousel": Shape(BLOCK | {"elements": Items(OneOf({"card": _CARD}), 10)}, ("elements",)),
    "plan": Shape(BLOCK | {"title": Chars(), "tasks": Items(_TASK, 50, 0)}, ("title",)),
    "task_card": _TASK,
}
