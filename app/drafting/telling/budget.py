"""A draft within a number of words: the weightiest first, at their core, then in full."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.status_update import Section


@dataclass(frozen=True)
class Line:
    """A sentence that could stand in a draft: its `full` and its `short` wording, what it cites, how much it "
    "matters."""

    section: Section
    full: str
    short: str
    citations: tuple[int, ...]
    weight: float
    order: float


def _size(text: str) -> int:
    return len(text.split())


def _worth(line: Line) -> float:
    """Its weight, less for long lines: two short facts tell more than one long one."""
    return line.weight / math.sqrt(max(4, _size(line.short)))


def within(lines: Sequence[Line], words: int) -> list[tuple[Line, str]]:
    """The lines that fit `words` words, each with its wording, in the order they happened."""
    ranked = sorted(range(len(lines)), key=lambda i: (-_worth(lines[i]), lines[i].order))
    chosen: dict[int, str] = {}
    left = words
    for index in ranked:
        size = _size(lines[index].short)
        if size <= left:
            chosen[index] = lines[index].short
            left -= size
    for index in ranked:
        if index not in chosen:
            continue
        extra = _size(lines[index].full) - _size(chosen[index])
        if 0 < extra <= left:
            chosen[index] = lines[index].full
            left -= extra
        elif extra <= 0:
            chosen[index] = lines[index].full
    return [(lines[i], chosen[i]) for i in sorted(chosen, key=lambda i: lines[i].order)]
