"""A message cut into clauses, and the fewest of them that still carry it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.drafting.reading.tokens import content

_END = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][\"')\u201d]))\s+(?=[\"'(\u201c]?\w)|\s*;\s+|\s+[\u2013\u2014-]{1,2}\s+|"
    r"(?<=\w)\.{2,}\s*(?=\w)"
)
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|approx|ca|no|dr|mr|mrs|ms|st|inc|ltd|fig|resp|incl)\.$", re.IGNORECASE
)


def clauses(text: str) -> list[str]:
    """`text` cut where a sentence or a clause ends, each without its final full stop; quotations stay whole."""
    parts: list[str] = []
    held = ""
    for piece in _pieces(text):
        held = f"{held} {piece}" if held else piece
        if _ABBREVIATION.search(held) or held.count('"') % 2 == 1 or held.count("(") > held.count(")"):
            continue
        parts.append(held)
        held = ""
    if held:
        parts.append(held)
    return [part for part in (_trimmed(part) for part in parts) if re.search(r"\w", part)]


def _pieces(text: str) -> list[str]:
    return [piece for piece in _END.split(text.strip()) if piece and piece.strip()]


def _trimmed(part: str) -> str:
    part = part.strip(" \t,;-\u2013\u2014\u2022*")
    return part if part.endswith("?") else part.rstrip(".! ").strip()


def units(clause: str) -> list[str]:
    """`clause` cut further, at commas that open a new thought; the pieces joined by a comma read as before."""
    pieces = re.split(r",\s+(?=(?:so|and|but|which|because|since|while|then|although)\s+\S+\s+\S+\s+\S+)", clause)
    return [piece for piece in pieces if piece.strip()]


def core(parts: Sequence[str], share: float = 0.55) -> list[str]:
    """The fewest of `parts`, in order, that keep `share` of the words that carry meaning."""
    whole = content(" ".join(parts))
    if len(parts) < 2 or not whole:
        return list(parts)
    kept: set[int] = set()
    seen: frozenset[str] = frozenset()
    while len(seen) < share * len(whole) and len(kept) < len(parts):
        best = max((i for i in range(len(parts)) if i not in kept), key=lambda i: _gain(parts[i], seen))
        kept.add(best)
        seen |= content(parts[best])
    return [part for index, part in enumerate(parts) if index in kept]


def _gain(part: str, seen: frozenset[str]) -> float:
    fresh = content(part) - seen
    digits = sum(1 for token in fresh if token[0].isdigit())
    denies = re.match(r"(?:no|not|none|nobody|nothing|never)\b", part, re.IGNORECASE) is not None
    return len(fresh) + digits + 2 * denies
