"""The small composition objects that blocks and elements share."""

from app.workspace.blocks.fields import Chars, Flag, Items, OneOf, Rule, Shape, exactly_one

ACTION_ID = Chars(255)
BLOCK_ID = Chars(255)
URL = Chars(3000)


def _plain(high: int | None, low: int) -> Shape:
    return Shape({"type": Chars(), "text": Chars(high, low), "emoji": Flag()}, ("type", "text"))


def _mrkdwn(high: int | None, low: int) -> Shape:
    return Shape({"type": Chars(), "text": Chars(high, low), "verbatim": Flag()}, ("type", "text"))


def plain(high: int | None = None, low: int = 1) -> OneOf:
    """A plain_text object of at most `high` characters."""
    return OneOf({"plain_text": _plain(high, low)})


def words(high: int | None = None, low: int = 1) -> OneOf:
    """A plain_text or mrkdwn object of at most `high` characters."""
    return OneOf({"plain_text": _plain(high, low), "mrkdwn": _mrkdwn(high, low)})


CONFIRM = Shape(
    {
        "title": plain(100),
        "text": words(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": Chars(among=frozenset({"primary", "danger"})),
    },
    ("title", "text", "confirm", "deny"),
)


def option(text: Rule, description: Rule, with_url: bool = False) -> Shape:
    """One choice of a menu, of radio buttons or of checkboxes."""
    fields: dict[str, Rule] = {"text": text, "value": Chars(150), "description": description}
    if with_url:
        fields["url"] = URL
    return Shape(fields, ("text", "value"))


MENU_OPTION = option(plain(75), plain(75))
BOX_OPTION = option(words(75), words(75))
OVERFLOW_OPTION = option(plain(75), plain(75), with_url=True)
OPTION_GROUP = Shape({"label": plain(75), "options": Items(MENU_OPTION, 100)}, ("label", "options"))

CONVERSATION_FILTER = Shape(
    {
        "include": Items(Chars(among=frozenset({"im", "mpim", "private", "public"})), 4),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    }
)
DISPATCH_CONFIG = Shape(
    {
        "trigger_actions_on": Items(
            Chars(among=frozenset({"on_enter_pressed", "on_character_entered"})),
            2,
        )
    }
)
SLACK_FILE = Shape({"id": Chars(), "url": Chars()}, also=exactly_one("id", "url"))
