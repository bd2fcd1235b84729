"""The cascade of an incident: as one line, and as a small picture for pages and postmortems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.cascade import Cascade, Layer, Sign, cascade_of
from app.domain.incident import Incident
from app.ports.store import UnitOfWork
from app.services.access import id_of

_BOX, _GAP, _HIGH = 130, 34, 44
# Shape and sign tell them apart without colour, on paper too: fill, stroke, dashes, sign.
_LOOKS: Mapping[Sign, tuple[str, str, str, str]] = {
    Sign.FAILED: ("#fde8e8", "#b42318", "", "✕"),
    Sign.SUSPECTED: ("#fff6e5", "#b54708", "5 3", "?"),
    Sign.HELD: ("#ecfdf3", "#067647", "", "ruled out"),
    Sign.OPEN: ("#ffffff", "#98a2b3", "2 3", "open"),
}


async def cascade_in(uow: UnitOfWork, incident: Incident) -> Cascade:
    """What the entries of an incident tell of its layers; deleted messages tell nothing."""
    entries = await uow.timeline.layered(id_of(incident))
    return cascade_of((one.layer, one.mark) for one in entries if one.layer is not None and one.deleted_at is None)


def cascade_from(record: Mapping[str, Any]) -> Cascade:
    """The same from an exported record."""
    entries = record["timeline"]
    return cascade_of((one["layer"], one["mark"]) for one in entries if one.get("layer") and not one["deleted_at"])


def cascade_svg(cascade: Cascade) -> str:
    """The cascade as inline SVG, which says the same in words to whoever can't see it; needs nothing from outside."""
    wide = len(Layer) * _BOX + (len(Layer) - 1) * _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {_HIGH}" width="{wide}" height="{_HIGH}" '
        'role="img" aria-label="Cascade" font-family="system-ui, sans-serif" font-size="13">',
        f"<title>Cascade: {cascade}</title><desc>{cascade.sentence}</desc>",
        *_boxes(cascade),
        "</svg>",
    ]
    return "".join(parts)


def cascade_figure(record: Mapping[str, Any]) -> Sequence[str]:
    """The picture with its words, as HTML; nothing where no layer is named."""
    cascade = cascade_from(record)
    if not cascade.known:
        return ()
    return (f"<figure>{cascade_svg(cascade)}<figcaption>Cascade: {cascade.sentence}</figcaption></figure>",)


def cascade_markdown(record: Mapping[str, Any]) -> Iterable[str]:
    """A part of its own where a layer is named; nothing otherwise."""
    cascade = cascade_from(record)
    if cascade.known:
        yield "## Cascade"
        yield f"{cascade}\n\n{cascade.sentence}"


def _boxes(cascade: Cascade) -> Iterable[str]:
    for place, layer in enumerate(Layer):
        left, middle = place * (_BOX + _GAP), _HIGH / 2
        fill, stroke, dashes, sign = _LOOKS[cascade.signs[layer]]
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield (
            f'<rect x="{left + 1}" y="1" width="{_BOX - 2}" height="{_HIGH - 2}" rx="8" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="1.5"{dashed}/>'
        )
        yield (
            f'<text x="{left + _BOX / 2:g}" y="{middle:g}" text-anchor="middle" dominant-baseline="central" '
            f'fill="#1d2939">{layer} <tspan fill="{stroke}" font-weight="600">{sign}</tspan></text>'
        )
        if place:
            start, end = left - _GAP + 4, left - 5
            drawn = f"M{start} {middle:g}H{end}m-5 -4l5 4l-5 4"
            yield f'<path d="{drawn}" fill="none" stroke="#667085" stroke-width="1.5"/>'
