"""The words of a Slack message, wherever its sender put them: text, attachments or blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

_INLINE = {"user": "<@{user_id}>", "usergroup": "<!subteam^{usergroup_id}>", "channel": "<#{channel_id}>"}


def text_of(message: Json) -> str:
    """The message's words as Slack sends them, escapes (`&amp;` `&lt;` `&gt;`) and mentions included.

    What a person wrote is their text. Apps put the point of an alert into attachments or blocks, so those count for
    apps, and for anybody whose text is empty (a forwarded message). Previews of links never count.
    """
    text = str(message.get("text") or "")
    if text and not message.get("bot_id"):
        return storable(text)
    attached = [one for part in message.get("attachments") or () for one in _attachment(part)]
    drawn = [] if text else list(block_lines(message.get("blocks") or ()))
    lines = [one for one in (text, *drawn, *attached) if one.strip()]
    return storable("\n".join(dict.fromkeys(lines)))


def storable(text: str) -> str:
    """`text` without what no database takes: NUL and halves of surrogate pairs become U+FFFD."""
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _attachment(part: Json) -> Iterator[str]:
    if (part.get("from_url") or part.get("original_url")) and not part.get("is_share"):
        return
    said = [str(part.get(name) or "") for name in ("pretext", "title", "text")]
    said += [f"{one.get('title', '')}: {one.get('value', '')}".strip(": ") for one in part.get("fields") or ()]
    said += list(block_lines(part.get("blocks") or ()))
    yield from said if any(said) else [str(part.get("fallback") or "")]


def block_lines(blocks: Sequence[Json]) -> Iterator[str]:
    """The readable text of blocks, a line a text object or paragraph."""
    for block in blocks:
        if block.get("type") == "rich_text":
            for paragraph in block.get("elements") or ():
                yield _rich(paragraph)
            continue
        for value in (block.get("text"), *(block.get("fields") or ()), *(block.get("elements") or ())):
            if isinstance(value, str):
                yield value
            elif isinstance(value, Mapping) and isinstance(value.get("text"), str):
                yield value["text"]


def _rich(element: Json) -> str:
    kind = str(element.get("type") or "")
    if "elements" in element:
        joint = "\n" if kind == "rich_text_list" else ""
        return joint.join(_rich(one) for one in element["elements"])
    if kind in _INLINE:
        return _INLINE[kind].format_map(element)
    if kind == "emoji":
        return f":{element.get('name', '')}:"
    if kind == "link":
        return str(element.get("text") or element.get("url") or "")
    return str(element.get("text") or "")
