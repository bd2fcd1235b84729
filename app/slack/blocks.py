"""Small builders of Slack blocks: every text is within Slack's limits, every free text is made harmless."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.drafting.model.neutral import neutral
from app.drafting.reading.characters import with_hidden_shown

Block = dict[str, Any]

SECTION_MAX = 3000
HEADER_MAX = 150
BUTTON_MAX = 75
OPTION_MAX = 75
INPUT_MAX = 3000
TITLE_MAX = 24
PLACEHOLDER_MAX = 150
ALT_TEXT_MAX = 2000
MESSAGE_BLOCKS_MAX = 50
VIEW_BLOCKS_MAX = 100
MESSAGE_TEXT_MAX = 12_000
FALLBACK_MAX = 3_900

_USER = re.compile(r"[UW][A-Z0-9]{2,30}")
_NAMED = re.compile(r"(<@[UW][A-Z0-9]{2,30}>|<#[CG][A-Z0-9]{2,30}>|`[A-Za-z0-9 /@.,:=|\[\]-]{1,120}`)")
_CUT = re.compile(r"(&[a-z]{0,3}|<[^<>]*)$")


def clip(text: str, limit: int) -> str:
    """`text`, at most `limit` characters, an ellipsis where it was cut; never cut inside an escape or a token."""
    if len(text) <= limit:
        return text
    return _CUT.sub("", text[: limit - 1]).rstrip() + "…"


def safe(text: str, limit: int = SECTION_MAX) -> str:
    """Free text as mrkdwn that can't act, at most `limit` characters."""
    return clip(neutral(text), limit)


def safe_line(text: str, limit: int = 300) -> str:
    """Free text that can't act, on one line."""
    return clip(" ".join(neutral(text).split()), limit)


def plain_words(text: str, limit: int) -> str:
    """Free text for plain-text objects such as titles and options: harmless and on one line, without escapes."""
    line = " ".join(neutral(text).split())
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        line = line.replace(entity, sign)
    return clip(line, limit)


def mention(user: str) -> str:
    """A mention of a person; anything that is no user ID is shown as harmless text."""
    return f"<@{user}>" if _USER.fullmatch(user) else safe_line(user, 80)


def safe_with_people(text: str, limit: int = SECTION_MAX) -> str:
    """The product's own words, with people, channels and commands shown as such, all else harmless.

    Only for what one person alone reads: a mention in a channel pings.
    """
    return clip("".join(one if _NAMED.fullmatch(one) else neutral(one) for one in _NAMED.split(text)), limit)


def channel_mention(channel: str) -> str:
    return f"<#{channel}>" if re.fullmatch(r"[CGD][A-Z0-9]{2,30}", channel) else safe_line(channel, 80)


def link(url: str, label: str) -> str:
    """A link of our own making; the bare label where the address could break out of it."""
    if not re.fullmatch(r"https?://[^\s<>|]+", url):
        return safe_line(label, 80)
    return f"<{url}|{safe_line(label, 80)}>"


def when(at: datetime) -> str:
    """An instant in the reader's own time zone, with UTC for who can't see that."""
    fallback = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": clip(text, limit) or " ", "emoji": True}


def mrkdwn(text: str, limit: int = SECTION_MAX) -> Block:
    return {"type": "mrkdwn", "text": clip(text, limit) or " ", "verbatim": True}


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER_MAX)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def file_picture(file: str, title: str, words: str) -> Block:
    """A picture that is a file in Slack; `words` say the same to those who can't see it."""
    shown = {"alt_text": plain_words(words, ALT_TEXT_MAX) or title, "title": plain(title, TITLE_MAX)}
    # Clients may go on showing another picture that had the same block_id.
    return {"type": "image", "block_id": f"picture.{file}", "slack_file": {"id": file}, **shown}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    block: Block = {"type": "actions", "elements": list(elements)}
    return block | {"block_id": block_id} if block_id else block


def button(text: str, action: str, value: str, style: str | None = None) -> Block:
    block: Block = {"type": "button", "text": plain(text, BUTTON_MAX), "action_id": action, "value": value}
    return block | {"style": style} if style else block


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """The question asked before a press counts; goes into a button under `confirm`."""
    return {
        "title": plain(title, 100),
        "text": mrkdwn(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def preformatted(text: str, limit: int = SECTION_MAX) -> Block:
    """Free text exactly as it stands, in a box, hidden signs made visible: Slack reads nothing in it."""
    shown = with_hidden_shown(text)
    cut = shown if len(shown) <= limit else shown[: limit - 1] + "…"
    box = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": cut or " "}]}
    return {"type": "rich_text", "elements": [box]}


def paragraphs(lines: Iterable[str], limit: int = SECTION_MAX) -> list[str]:
    """`lines` packed into as few texts of at most `limit` characters as keep every line whole; longer lines are cut."""
    packed: list[str] = []
    for line in lines:
        line = clip(line, limit)
        if packed and len(packed[-1]) + 1 + len(line) <= limit:
            packed[-1] += "\n" + line
        else:
            packed.append(line)
    return packed


def sections(lines: Iterable[str]) -> list[Block]:
    return [section(text) for text in paragraphs(lines)]


def text_length(blocks: Sequence[Mapping[str, Any]]) -> int:
    """How much text the blocks hold in all, as Slack counts it against the length of a message."""
    return sum(_texts(block) for block in blocks)


def _texts(part: Any) -> int:
    if isinstance(part, Mapping):
        own = len(part["text"]) if isinstance(part.get("text"), str) else 0
        return own + sum(_texts(value) for value in part.values() if not isinstance(value, str))
    if isinstance(part, list):
        return sum(_texts(value) for value in part)
    return 0
