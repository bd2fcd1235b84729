"""The dependency picture as a vector drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from app.domain.dependency_map import DependencyMap
from app.services.triage.layout import BAND, Arrow, Box, Layout, Look, Words, layout_of

INK, PALE_INK, LINE, BACKGROUND = "#1d1c1d", "#475467", "#667085", "#ffffff"
# A box's inside, its edge, how thick that is.
LOOKS: Mapping[Look, tuple[str, str, int]] = {
    Look.FAILING: ("#fdecea", "#b42318", 3),
    Look.TROUBLED: ("#fff4de", "#b54708", 2),
    Look.PLAIN: ("#f2f4f7", LINE, 1),
    Look.UNKNOWN: (BACKGROUND, LINE, 1),
    Look.MORE: (BACKGROUND, BACKGROUND, 1),
}
DASH = 5


def svg_of(shown: DependencyMap) -> str:
    """The drawing as SVG text; its label says the same in words."""
    layout = layout_of(shown)
    label = escape("; ".join(shown.lines), quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width} {layout.height}" role="img" '
        f'aria-label="{label}" font-family="Arial, Helvetica, sans-serif">{"".join(_drawn(layout))}</svg>'
    )


def _drawn(layout: Layout) -> Iterator[str]:
    yield f'<rect width="{layout.width}" height="{layout.height}" fill="{BACKGROUND}"/>'
    yield from (_arrow(one) for one in layout.arrows)
    yield from (_box(one) for one in layout.boxes)
    yield from (_words(one) for one in layout.words)


def _arrow(one: Arrow) -> str:
    way, point = (" ".join(f"{x},{y}" for x, y in ends) for ends in (one.corners, one.point))
    return (
        f'<polyline points="{way}" fill="none" stroke="{LINE}" stroke-width="2"/>'
        f'<polygon points="{point}" fill="{LINE}"/>'
    )


def _box(one: Box) -> str:
    inside, edge, thick = LOOKS[one.look]
    dashed = f' stroke-dasharray="{DASH}"' if one.look is Look.UNKNOWN else ""
    box = (
        f'<rect x="{one.x}" y="{one.y}" width="{one.width}" height="{one.height}" '
        f'fill="{inside}" stroke="{edge}" stroke-width="{thick}"{dashed}/>'
    )
    band = f'<rect x="{one.x}" y="{one.y}" width="{one.width}" height="{BAND}" fill="{edge}"/>'
    return box + band if one.look is Look.FAILING else box


def _words(one: Words) -> str:
    return f'<text x="{one.x}" y="{one.y}" font-size="{one.size}" fill="{ink_of(one)}">{escape(one.text)}</text>'


def ink_of(one: Words) -> str:
    """The colour of a line of text: names are dark, what is said about them less so."""
    if one.banner:
        return BACKGROUND
    return INK if one.text.startswith("!") or one.size > 13 else PALE_INK
