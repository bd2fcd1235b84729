"""Sentences with the timeline entries they rest on, as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.slack.blocks import MESSAGE_TEXT_MAX, Block, link, safe, section, sections, text_length

Parts = Sequence[tuple[str, Sequence[Mapping[str, Any]]]]
SENTENCE_MAX = 2500


def cited_line(sentence: Mapping[str, Any], links: Mapping[int, str]) -> str:
    """One sentence as a list item; citations lead to the messages where their addresses are known."""
    cited = " ".join(citation(entry, links) for entry in sentence.get("citations", ()))
    by_hand = " (no source)" if sentence.get("by_hand") else ""
    return f"• {safe(sentence['text'], SENTENCE_MAX)}{by_hand}" + (f" {cited}" if cited else "")


def citation(entry: int, links: Mapping[int, str]) -> str:
    return link(links[entry], f"[{entry}]") if links.get(entry) else f"[{entry}]"


def cited_parts(parts: Parts, links: Mapping[int, str], *, empty: str) -> list[Block]:
    """One or more sections a part: its title, then a line a sentence, or `empty` where there is none."""
    blocks: list[Block] = []
    for title, sentences in parts:
        lines = [cited_line(one, links) for one in sentences] or [empty]
        blocks += sections([f"*{title}*", *lines])
    return blocks


def within_message(draw: Callable[[Mapping[int, str]], list[Block]], links: Mapping[int, str]) -> list[Block]:
    """What `draw` makes of the links; without links, then shortened, where a message would get too long."""
    for tried in (links, {}):
        blocks = draw(tried)
        if text_length(blocks) <= MESSAGE_TEXT_MAX:
            return blocks
    return shortened(blocks)


def shortened(blocks: Iterable[Block], limit: int = MESSAGE_TEXT_MAX - 200) -> list[Block]:
    """The first blocks that fit, and a line that says where the rest is."""
    kept: list[Block] = []
    for block in blocks:
        limit -= text_length([block])
        if limit < 0:
            return [*kept, section("… The rest is too long for one message; all of it is in the incident's record.")]
        kept.append(block)
    return kept
