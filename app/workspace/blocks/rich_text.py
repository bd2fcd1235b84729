"""rich_text blocks, alone and inside tables, cards and tasks."""

from app.workspace.blocks import objects
from app.workspace.blocks.fields import Anything, Chars, Items, Rule, Shape, Whole

BLOCK: dict[str, Rule] = {"type": Chars(), "block_id": objects.BLOCK_ID}

_PART = Shape(
    {
        "type": Chars(
            among=frozenset({"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"})
        ),
        "elements": Items(Anything(), 1000, 0),
        "style": Anything(),
        "indent": Whole(0, 8),
        "offset": Whole(),
        "border": Whole(0, 1),
        "language": Chars(),
    },
    ("type", "elements"),
)
RICH_TEXT = Shape(BLOCK | {"elements": Items(_PART, 1000, 0)}, ("elements",))
