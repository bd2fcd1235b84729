"""Contained is only what acted well and reads so every time it is asked; all doubt counts against it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.containment import Called, ContainmentState, Purpose, Reading, outcome

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WELL, FAILED = Called(NOW, "act"), Called(NOW, "act", "it answered with the status 500")
YES, NO = Called(NOW, "verify", reading=Reading.CONTAINED), Called(NOW, "verify", reading=Reading.NOT_CONTAINED)
SILENT = Called(NOW, "verify", "it did not answer")
CONTAINED, NOT_CONTAINED = ContainmentState.CONTAINED, ContainmentState.NOT_CONTAINED


@pytest.mark.parametrize(
    ("purpose", "acted", "readings", "state", "why"),
    [
        (Purpose.CONTAIN, WELL, [YES, YES], CONTAINED, ""),
        (Purpose.CONTAIN, WELL, [NO, NO], NOT_CONTAINED, "read as not contained"),
        (Purpose.CONTAIN, WELL, [YES, NO], NOT_CONTAINED, "two different answers"),
        (Purpose.CONTAIN, WELL, [YES, SILENT], NOT_CONTAINED, "could not be verified"),
        (Purpose.CONTAIN, WELL, [], NOT_CONTAINED, "read as not contained"),
        (Purpose.CONTAIN, FAILED, [YES, YES], NOT_CONTAINED, "status 500"),
        (Purpose.UNDO, WELL, [NO, NO], ContainmentState.UNDONE, ""),
        (Purpose.UNDO, WELL, [YES, YES], CONTAINED, "still reads as contained"),
        (Purpose.UNDO, FAILED, [YES, YES], CONTAINED, "status 500"),
        (Purpose.UNDO, FAILED, [SILENT], NOT_CONTAINED, "status 500"),
        (Purpose.UNDO, FAILED, [NO, NO], NOT_CONTAINED, "status 500"),
    ],
)
def test_what_a_throw_came_to(purpose, acted, readings, state, why) -> None:
    found = outcome(purpose, acted, readings)
    assert found.state is state
    assert why in found.problem
    assert bool(found.problem) == bool(why)
