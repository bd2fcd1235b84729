"""What was measured, as lines of a table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One figure. `aim` and `met` are empty and None where there is nothing to aim at."""

    part: str
    what: str
    figure: str
    aim: str = ""
    met: bool | None = None


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of the values do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"


def shown(lines: Sequence[Line]) -> str:
    """The table as text."""
    verdicts = {True: "met", False: "missed", None: ""}
    rows = [("part", "what", "figure", "aim", "")] + [
        (line.part, line.what, line.figure, line.aim, verdicts[line.met]) for line in lines
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    ruled = [rows[0], tuple("-" * width for width in widths), *rows[1:]]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in ruled
    )
