"""Whole messages and views, checked as Slack does."""

from collections.abc import Iterator
from typing import Any

from app.workspace.blocks import layout, objects
from app.workspace.blocks.fields import Chars, Flag, Items, OneOf, Rule, Shape, exactly_one, problem
from app.workspace.blocks.objects import plain

MAX_BLOCKS = {layout.MESSAGE: 50, layout.MODAL: 100, layout.HOME: 100}
MAX_MESSAGE_CHARACTERS = 13_200
MAX_MARKDOWN_CHARACTERS = 12_000

_VIEW: dict[str, Rule] = {
    "type": Chars(among=frozenset({layout.MODAL, layout.HOME})),
    "private_metadata": Chars(3000, 0),
    "callback_id": Chars(255, 0),
    "external_id": Chars(255, 0),
}
_VIEWS: dict[str, Rule] = {
    layout.MODAL: Shape(
        _VIEW
        | {
            "title": plain(24),
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": Flag(),
            "notify_on_close": Flag(),
            "submit_disabled": Flag(),
        },
        ("title",),
    ),
    layout.HOME: Shape(_VIEW),
}
_OFFER = Shape(
    {"options": Items(objects.MENU_OPTION, 100, 0), "option_groups": Items(objects.OPTION_GROUP, 100, 0)},
    also=exactly_one("options", "option_groups"),
)


def check_blocks(blocks: Any, surface: str, path: str = "/blocks") -> list[str]:
    """The complaints about the blocks of a message, modal or Home view; empty when they are right."""
    if not isinstance(blocks, list):
        return [problem(path, "must be an array")]
    if len(blocks) > MAX_BLOCKS[surface]:
        return [problem(path, f"no more than {MAX_BLOCKS[surface]} items allowed")]
    complaints: list[str] = []
    for at, block in enumerate(blocks):
        complaints += _check_block(block, surface, f"{path}/{at}")
    return complaints or [*_repeated_block_ids(blocks, path), *_once_only(blocks, surface, path)]


def _check_block(block: Any, surface: str, path: str) -> list[str]:
    complaints = OneOf(layout.BLOCKS).check(block, path)
    if complaints:
        return complaints
    if surface not in layout.SURFACES.get(block["type"], layout.EVERYWHERE):
        return [problem(f"{path}/type", f"unsupported type: {block['type']} in a {surface}")]
    seen: set[str] = set()
    for at, element in enumerate(block.get("elements", [])):
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id in seen:
            words = f'`action_id` "{action_id}" already exists for this block'
            complaints.append(problem(f"{path}/elements/{at}/action_id", words))
        elif action_id:
            seen.add(action_id)
    return complaints


def _repeated_block_ids(blocks: list[Any], path: str) -> Iterator[str]:
    seen: set[str] = set()
    for at, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield problem(f"{path}/{at}/block_id", f'`block_id` "{block_id}" already exists')
        elif block_id:
            seen.add(block_id)


def _once_only(blocks: list[Any], surface: str, path: str) -> Iterator[str]:
    for kind, most in layout.PER_MESSAGE.items():
        if surface == layout.MESSAGE and sum(block["type"] == kind for block in blocks) > most:
            yield problem(path, f"no more than {most} {kind} blocks allowed in a message")
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MAX_MARKDOWN_CHARACTERS:
        yield problem(path, f"markdown text must be less than {MAX_MARKDOWN_CHARACTERS + 1} characters")
    focused = sum(bool((block.get("element") or {}).get("focus_on_load")) for block in blocks)
    if focused > 1:
        yield problem(path, "only one element may have focus_on_load")


def too_long(blocks: list[Any]) -> bool:
    """True when all the text of a message's blocks together is more than Slack takes."""
    return sum(_characters(block) for block in blocks) > MAX_MESSAGE_CHARACTERS


def _characters(part: Any) -> int:
    if isinstance(part, list):
        return sum(_characters(one) for one in part)
    if not isinstance(part, dict):
        return 0
    own = part["text"] if isinstance(part.get("text"), str) else ""
    return len(own) + sum(_characters(held) for held in part.values())


def check_view(view: Any, surface: str) -> list[str]:
    """The complaints about a view that is to be a modal or a Home view; empty when it is right."""
    if not isinstance(view, dict):
        return [problem("/view", "must be an object")]
    if view.get("type") != surface:
        return [problem("/view/type", f"must be {surface}")]
    frame = {name: held for name, held in view.items() if name != "blocks"}
    complaints = _VIEWS[surface].check(frame, "/view")
    if view.get("blocks") is None:
        return [*complaints, problem("/view", "missing required field: blocks")]
    complaints += check_blocks(view["blocks"], surface, "/view/blocks")
    if complaints or surface != layout.MODAL:
        return complaints
    asks = any(block["type"] == "input" for block in view["blocks"])
    if asks and not view.get("submit"):
        return [problem("/view", "missing required field: submit")]
    return []


def check_options(options: Any) -> list[str]:
    """The complaints about the answer with which an app offers options for an external select."""
    return _OFFER.check(options, "")
