"""One line of a draft: its full and its short wording, what it cites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.status_update import Section
from app.drafting.reading.clauses import core, units
from app.drafting.telling import phrasing
from app.drafting.telling.budget import Line

SHORT_SHARE = 0.55


def line_of(section: Section, wordings: tuple[str, str], citations: Iterable[int], weight: float, order: float) -> Line:
    full, short = wordings
    return Line(section, full, short, tuple(dict.fromkeys(citations)), weight, order)


def both(parts: Sequence[str], lead: str = "") -> tuple[str, str]:
    """The full wording of `parts` and their core."""
    pieces = [piece for part in parts for piece in units(part)]
    kept = core(parts, SHORT_SHARE)
    finer = core(pieces, SHORT_SHARE)
    short = kept if sum(map(len, kept)) <= sum(map(len, finer)) + 25 else finer
    return phrasing.sentence(parts, lead), phrasing.sentence(short, lead)
