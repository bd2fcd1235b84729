"""Names for blocks and elements that the app left nameless."""

from app.workspace.elements import nested, parts
from app.workspace.ids import Ids
from app.workspace.model import Json

_ACTING = frozenset({"button", "overflow", "workflow_button", "feedback_buttons", "icon_button"})


def name_parts(ids: Ids, blocks: list[Json]) -> None:
    """Give every block a block_id and every usable element an action_id, in place."""
    for block in blocks:
        if not block.get("block_id"):
            block["block_id"] = f"b{ids.count('block'):x}"
        for element in parts(block):
            if not element.get("action_id") and _acts(element["type"]):
                element["action_id"] = f"a{ids.count('action'):x}"
        name_parts(ids, nested(block))


def _acts(element_type: str) -> bool:
    if element_type in _ACTING or element_type in ("checkboxes", "radio_buttons"):
        return True
    return element_type.endswith(("_select", "picker", "_input"))
