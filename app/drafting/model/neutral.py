"""Text from the channel, made unable to act where Slack renders it."""

from __future__ import annotations

import re

from app.drafting.reading.characters import without_hidden

_MARKUP = re.compile(r"<([@#!]?)([^<>\n]*)>")
_WIDE_MENTION = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_SCHEME = re.compile(r"\b(h)tt(ps?)://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"\b(mailto|ftp|file|javascript|data|slack|tel):(?=\S)", re.IGNORECASE)
_QUOTE = re.compile(r"(?m)^(\s*)((?:>\s*)+)")
_EDGE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LOOKALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "'"})


def _markup_as_text(match: re.Match[str]) -> str:
    sigil, body = match.groups()
    target, bar, label = body.partition("|")
    shown = label.strip().lstrip("@") if bar else ""
    if sigil == "@":
        return shown or target
    if sigil == "#":
        return "#" + (shown.lstrip("#") or target)
    if sigil == "!":
        return shown or "@" + target.partition("^")[0]
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target):
        return match.group()
    return f"{shown} ({target})" if shown and shown != target else target


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def neutral(text: str) -> str:
    """`text` as Slack mrkdwn that pings nobody, links nowhere and formats nothing.

    Takes a message as Slack delivers it (`&lt;` escapes, `<@U1>`, `<https://x|label>`) or any plain text. Mentions
    become names or IDs without power, `@channel` is broken, links are shown as `label (hxxps://x)`; `&`, `<`, `>` are
    escaped, hidden characters removed or shown as `[U+202E]`. Doing it twice changes nothing more.
    """
    shown = _MARKUP.sub(_markup_as_text, without_hidden(text))
    shown = _QUOTE.sub(lambda m: m.group(1) + m.group(2).replace(">", "\u203a"), _unescaped(shown))
    shown = _WIDE_MENTION.sub("@ ", shown)
    shown = _SCHEME.sub(r"\1xx\2://", shown)
    shown = _OTHER_SCHEME.sub(r"\1: ", shown)
    shown = _EDGE_UNDERSCORE.sub("\u02cd", shown.translate(_LOOKALIKES))
    return _escaped(shown)
