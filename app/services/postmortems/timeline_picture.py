"""An incident's course as a picture: its statuses as a band, what was reached and what people marked, over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from itertools import zip_longest
from typing import Any

from app.services.records.response_times import Milestone, milestones

Json = Mapping[str, Any]
WIDTH = 960
_LEFT, _RIGHT = 16, 944
_BAND_Y, _BAND_HEIGHT = 22, 24
_DOTS_Y = 62
_LABELS_Y = 84
_ROW = 18
_CHARACTER = 6.4
_TICKS = 6
_STATUS_COLOURS = {
    "investigating": "#c0392b",
    "contained": "#d68910",
    "remediating": "#b7950b",
    "monitoring": "#2471a3",
    "resolved": "#1e8449",
    "closed": "#566573",
    "declined": "#566573",
}
_MARK_COLOURS = {
    "observation": "#c0392b",
    "impact": "#c0392b",
    "hypothesis": "#b7950b",
    "ruled_out": "#909497",
    "decision": "#6c3483",
    "action": "#1e8449",
    "milestone": "#2471a3",
    "evidence": "#34495e",
    "unknown": "#d68910",
    "answered": "#2471a3",
}


@dataclass(frozen=True)
class _Scale:
    """Instants as places from left to right."""

    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return _LEFT + (_RIGHT - _LEFT) * min(1.0, max(0.0, share))

    def holds(self, at: datetime) -> bool:
        return self.start <= at <= self.end


@dataclass(frozen=True)
class _Label:
    """A milestone's text: where it begins, in which row, and where its line stands."""

    text: str
    x: float
    row: int
    mark_x: float


@dataclass(frozen=True)
class _Dot:
    """An entry that somebody marked."""

    entry: int
    mark: str
    at: datetime

    @property
    def name(self) -> str:
        return self.mark.replace("_", " ")


def timeline_svg(record: Json, *, hints: bool = True) -> str:
    """The picture as SVG that needs nothing else and holds no script; `hints` show on pointing, where that is known."""
    reached = milestones(record)
    scale = _scale(reached)
    labels = _labels([one for one in reached if scale.holds(one.at)], scale)
    rows = max((one.row for one in labels), default=0) + 1
    legend_y = _LABELS_Y + rows * _ROW + 4
    dots = [one for one in _marked(record) if scale.holds(one.at)]
    about = f"From {scale.start:%Y-%m-%d %H:%M} to {scale.end:%Y-%m-%d %H:%M} UTC"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {legend_y + 14}" role="img" '
            f'aria-label="The course of the incident" font-family="sans-serif" font-size="11">',
            *([f"<title>{escape(about)}</title>"] if hints else []),
            *_ticks(scale),
            *_band(record, scale),
            *_lines(labels),
            *_dots(dots, scale, hints=hints),
            *_words(labels),
            *_legend(dots, legend_y),
            "</svg>",
        ]
    )


def _scale(reached: Sequence[Milestone]) -> _Scale:
    """From the first milestone to the end of the harm; what came much later would squeeze the rest."""
    ends = [one.at for one in reached if one.name != "Closed"] or [reached[0].at]
    start, end = reached[0].at, max(ends)
    margin = max((end - start) * 0.02, timedelta(minutes=1))
    return _Scale(start - margin, end + margin)


def _ticks(scale: _Scale) -> Iterable[str]:
    days = (scale.end - scale.start) > timedelta(hours=20)
    for number in range(_TICKS):
        at = scale.start + (scale.end - scale.start) * (number + 0.5) / _TICKS
        text = f"{at.day} {at:%b %H:%M}" if days else f"{at:%H:%M}"
        x = scale.x(at)
        yield f'<line x1="{x:.1f}" y1="16" x2="{x:.1f}" y2="{_BAND_Y}" stroke="#909497"/>'
        yield f'<text x="{x:.1f}" y="12" text-anchor="middle" fill="#566573">{escape(text)}</text>'


def _band(record: Json, scale: _Scale) -> Iterable[str]:
    changes = record["status_history"]
    for change, after in zip_longest(changes, changes[1:]):
        begins = datetime.fromisoformat(change["at"])
        ends = datetime.fromisoformat(after["at"]) if after is not None else scale.end
        x, width = scale.x(begins), scale.x(ends) - scale.x(begins)
        colour = _STATUS_COLOURS.get(change["status"], "#566573")
        yield f'<rect x="{x:.1f}" y="{_BAND_Y}" width="{max(width, 1):.1f}" height="{_BAND_HEIGHT}" fill="{colour}"/>'
        if width > len(change["status"]) * _CHARACTER + 8:
            middle = _BAND_Y + _BAND_HEIGHT - 8
            yield f'<text x="{x + 5:.1f}" y="{middle}" fill="#ffffff">{escape(change["status"])}</text>'


def _marked(record: Json) -> Iterable[_Dot]:
    for entry in record["timeline"]:
        if entry["mark"] in _MARK_COLOURS and not entry["deleted_at"]:
            yield _Dot(entry["id"], entry["mark"], datetime.fromisoformat(entry["at"]))


def _dots(dots: Iterable[_Dot], scale: _Scale, *, hints: bool) -> Iterable[str]:
    for one in dots:
        about = f"<title>{escape(f'[{one.entry}] {one.name}, {one.at:%H:%M} UTC')}</title>" if hints else ""
        colour = _MARK_COLOURS[one.mark]
        place = f'cx="{scale.x(one.at):.1f}" cy="{_DOTS_Y}" r="4.5"'
        yield f'<circle {place} fill="{colour}" stroke="#ffffff">{about}</circle>'


def _legend(dots: Sequence[_Dot], y: float) -> Iterable[str]:
    """The colours of the marks that are in the picture."""
    x = float(_LEFT)
    for mark in dict.fromkeys(one.mark for one in dots):
        name = mark.replace("_", " ")
        yield f'<circle cx="{x + 4:.1f}" cy="{y}" r="4" fill="{_MARK_COLOURS[mark]}"/>'
        yield f'<text x="{x + 12:.1f}" y="{y + 4}" fill="#566573">{escape(name)}</text>'
        x += len(name) * _CHARACTER + 30


def _labels(reached: Sequence[Milestone], scale: _Scale) -> list[_Label]:
    """Each in the first row where it overlaps no other."""
    ends: list[float] = []
    labels = []
    for one in reached:
        text = f"{one.name} {one.at:%H:%M}"
        width = len(text) * _CHARACTER
        x = min(scale.x(one.at) + 3, _RIGHT - width)
        row = next((number for number, end in enumerate(ends) if end < x), len(ends))
        ends[row : row + 1] = [x + width + 10]
        labels.append(_Label(text, x, row, scale.x(one.at)))
    return labels


def _lines(labels: Sequence[_Label]) -> Iterable[str]:
    for one in labels:
        bottom = _LABELS_Y + one.row * _ROW + 4
        yield (
            f'<line x1="{one.mark_x:.1f}" y1="{_BAND_Y + _BAND_HEIGHT}" x2="{one.mark_x:.1f}" y2="{bottom}" '
            'stroke="#aeb6bf"/>'
        )


def _words(labels: Sequence[_Label]) -> Iterable[str]:
    for one in labels:
        y, width = _LABELS_Y + one.row * _ROW, len(one.text) * _CHARACTER
        behind = f'x="{one.x - 2:.1f}" y="{y - 6}" width="{width:.1f}" height="14"'
        yield f'<rect {behind} fill="#ffffff" fill-opacity="0.8"/>'
        yield f'<text x="{one.x:.1f}" y="{y + 4}" fill="#1c2833">{escape(one.text)}</text>'
