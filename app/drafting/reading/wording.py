"""A Slack message as plain words: names for mentions, labels for links, no emoji codes, quotations set apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.drafting.reading.characters import without_hidden

_FENCE = re.compile(r"```(?:[a-z]*\n)?(.*?)```", re.DOTALL)
_QUOTE_LINE = re.compile(r"(?m)^\s*(?:>|&gt;)+ ?(.*)$")
_MARKUP = re.compile(r"<([@#!]?)([^<>\n]*)>")
_EMOJI_CODE = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+'-]*:(?::skin-tone-\d:)?(?![\w])|(?<![\w:]):[+-]1:")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]+")
_STRUCK = re.compile(r"(?<![\w~])~(?=\S)[^~\n]+(?<=\S)~(?![\w~])")
_EMPHASIS = re.compile(r"(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_CODE = re.compile(r"`([^`\n]+)`")
_BARE_LINK = re.compile(r"\bhttps?://([^\s/<>|]+)\S*", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\u00a0\u202f]+")


@dataclass(frozen=True)
class Words:
    """The plain `said` words of a message and, apart, what it quotes (`> …` lines and code blocks)."""

    said: str
    quoted: tuple[str, ...] = ()


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _markup(match: re.Match[str], names: Mapping[str, str]) -> str:
    sigil, body = match.groups()
    target, _, label = body.partition("|")
    if sigil == "@":
        return names.get(target) or label.lstrip("@") or "someone"
    if sigil == "#":
        return f"#{label or target}"
    if sigil == "!":
        return label.lstrip("@") or target.partition("^")[0]
    if re.match(r"[a-z]+:", target):
        return f'"{label}"' if label else _BARE_LINK.sub(r"a link to \1", target)
    return match.group()


def read(text: str, names: Mapping[str, str]) -> Words:
    """`text` of a message, as Slack delivers it, taken apart; struck-through words are left out."""
    text = without_hidden(text)
    quoted = [block.strip() for block in _FENCE.findall(text)]
    text = _FENCE.sub(" ", text)
    lines = [line for line in _QUOTE_LINE.findall(text) if line.strip()]
    if lines:
        quoted.append(" ".join(lines))
        text = _QUOTE_LINE.sub(" ", text)
    return Words(_said(text, names), tuple(_said(block, names) for block in quoted if block))


def _said(text: str, names: Mapping[str, str]) -> str:
    text = _MARKUP.sub(lambda match: _markup(match, names), text)
    text = _BARE_LINK.sub(r"a link to \1", _unescaped(text))
    text = _EMOJI.sub(" ", _EMOJI_CODE.sub(" ", _STRUCK.sub(" ", text)))
    text = _CODE.sub(lambda m: f'"{m.group(1)}"' if m.group(1).count(" ") >= 2 else m.group(1), text)
    text = _EMPHASIS.sub(r"\2", text).replace("`", "")
    # An address keeps its sign, so that it is known as one.
    text = re.sub(r"(?<![\w.+-])@|@(?![\w])|@(?=(?:channel|here|everyone)\b)", "", re.sub(r"<([^<>]*)>", r"\1", text))
    text = re.sub(r"\s*\n\s*", "\n", _SPACE.sub(" ", text)).strip()
    return re.sub(r"(?<![.!?:;,])\n(?=\S)", ". ", text).replace("\n", " ")
