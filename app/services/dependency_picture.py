"""The dependency picture of a triage pack as a small SVG, drawn from the same lines that are its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

WIDTH, BOX, HIGH, GAP = 900, 260, 44, 14
_SHOWN = 40
_COLUMNS = {"←": 0, "●": 1, "→": 2}


def picture_of(lines: Sequence[str]) -> str | None:
    """The SVG text: upstream on the left, the failing system in the middle, downstream on the right; None for none."""
    columns: list[list[str]] = [[], [], []]
    for line in lines:
        sign, _, name = line.partition(" ")
        if sign in _COLUMNS:
            columns[_COLUMNS[sign]].append(name)
    if not columns[1]:
        return None
    tall = max(len(column) for column in columns) * (HIGH + GAP) + GAP
    drawn = "".join(_drawn(columns, tall))
    label = escape("; ".join(lines), quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" role="img" aria-label="{label}" '
        f'font-family="sans-serif" font-size="13">{drawn}</svg>'
    )


def _drawn(columns: Sequence[Sequence[str]], tall: int) -> Iterator[str]:
    middle = tall // 2
    for place, names in enumerate(columns):
        left = place * (WIDTH - BOX) // 2
        first = middle - (len(names) * (HIGH + GAP) - GAP) // 2
        for row, name in enumerate(names):
            top = first + row * (HIGH + GAP)
            if place != 1:
                yield _edge(left, top + HIGH // 2, middle, upstream=place == 0)
            yield _box(left, top, name, failing=place == 1)


def _edge(left: int, level: int, middle: int, *, upstream: bool) -> str:
    centre = (WIDTH - BOX) // 2
    ends = (left + BOX, level, centre, middle) if upstream else (centre + BOX, middle, left, level)
    return '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="#888"/>'.format(*ends)


def _box(left: int, top: int, name: str, *, failing: bool) -> str:
    shown = name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…"
    colour = "#fde2e1" if failing else "#eef2f7"
    return (
        f'<rect x="{left}" y="{top}" width="{BOX}" height="{HIGH}" rx="6" fill="{colour}" stroke="#888"/>'
        f'<text x="{left + 10}" y="{top + HIGH // 2 + 5}" fill="#1d1c1d">{escape(shown)}</text>'
    )
