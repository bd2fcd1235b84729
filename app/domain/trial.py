"""Reproduction trials: what k failures in n tries prove, and what they don't. Pure.

Proportions come with Wilson's score interval, their difference with Newcombe's hybrid of two such intervals (R. G.
Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17, 1998,
method 10). One good answer proves nothing: a fix counts as verified only when the failures that are still possible lie
under what was said to be acceptable.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

CERTAINTY = 0.95
ACCEPTABLE_PERCENT = 5
MOST_TRIES = 1_000_000


class TrialPhase(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class Finding(StrEnum):
    """What the trials of a prompt come to."""

    NOTHING = "nothing"
    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not_reproduced"
    NOT_FIXED = "not_fixed"
    REDUCED = "reduced"
    NOT_SHOWN_FIXED = "not_shown_fixed"
    NEVER_FAILED = "never_failed"
    VERIFIED = "verified"


@dataclass(frozen=True)
class Count:
    """`failures` in `tries`; no tries say nothing. Raises ValueError for more failures than tries."""

    failures: int
    tries: int

    def __post_init__(self) -> None:
        if not 0 <= self.failures <= self.tries:
            raise ValueError(f"{self.failures} failures in {self.tries} tries")

    def __add__(self, other: Count) -> Count:
        return Count(self.failures + other.failures, self.tries + other.tries)

    @property
    def rate(self) -> float:
        return self.failures / self.tries if self.tries else 0.0

    def __str__(self) -> str:
        return f"{self.failures} of {self.tries}"


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both of them included."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{percent(self.low).removesuffix(' %')}–{percent(self.high)}"


@dataclass(frozen=True)
class Verdict:
    """What the trials show, in one plain sentence; `verified` is true for nothing less than a shown fix."""

    finding: Finding
    sentence: str

    @property
    def verified(self) -> bool:
        return self.finding is Finding.VERIFIED


def wilson(count: Count, certainty: float = CERTAINTY) -> Interval:
    """The failure rates that the count is compatible with; everything where nothing was tried."""
    if not count.tries:
        return Interval(0.0, 1.0)
    z, n, p = _z(certainty), count.tries, count.rate
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # Exact at the ends, where the formula only comes close.
    low = 0.0 if not count.failures else max(0.0, centre - half)
    high = 1.0 if count.failures == n else min(1.0, centre + half)
    return Interval(low, high)


def difference(before: Count, after: Count, certainty: float = CERTAINTY) -> Interval:
    """By how much the failure rate fell (negative: rose)."""
    one, other = wilson(before, certainty), wilson(after, certainty)
    fell = before.rate - after.rate
    low = fell - sqrt((before.rate - one.low) ** 2 + (other.high - after.rate) ** 2)
    high = fell + sqrt((one.high - before.rate) ** 2 + (after.rate - other.low) ** 2)
    return Interval(max(-1.0, low), min(1.0, high))


def tries_needed(acceptable: float, failures: int = 0, certainty: float = CERTAINTY) -> int:
    """The least number of tries, with so many failures among them, after which no more than `acceptable` is possible.

    Raises ValueError unless 0 < acceptable < 1; the answer is at most MOST_TRIES.
    """
    if not 0 < acceptable < 1:
        raise ValueError("an acceptable rate lies between 0 and 1")
    low, high = max(1, failures), max(2, failures * 2)
    while high < MOST_TRIES and wilson(Count(failures, high), certainty).high > acceptable:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        if wilson(Count(failures, middle), certainty).high > acceptable:
            low = middle + 1
        else:
            high = middle
    return min(low, MOST_TRIES)


def verdict(before: Count, after: Count, acceptable: float = ACCEPTABLE_PERCENT / 100) -> Verdict:
    """What the tries before and after a fix show."""
    if not after.tries:
        return _before_alone(before)
    if after.failures:
        return _still_fails(before, after)
    possible = wilson(after).high
    if possible > acceptable:
        sentence = (
            f"Not shown fixed: {after} still allows up to {percent(possible)}. "
            f"{tries_needed(acceptable)} tries without a failure would show at most {percent(acceptable)}."
        )
        return Verdict(Finding.NOT_SHOWN_FIXED, sentence)
    if not before.failures:
        sentence = (
            f"Nothing was fixed that is known to fail: {after} failed afterwards, but none was seen to fail before."
        )
        return Verdict(Finding.NEVER_FAILED, sentence)
    fell = difference(before, after)
    sentence = (
        f"Fix verified: {before} failed before, {after} after. At most {percent(possible)} may still fail; "
        f"the rate fell by {fell.low * 100:.0f} to {fell.high * 100:.0f} points."
    )
    return Verdict(Finding.VERIFIED, sentence)


def percent(share: float) -> str:
    """`43 %`; with a digit behind the point below ten."""
    number = share * 100
    return f"{number:.0f} %" if abs(number) >= 9.95 or not round(number, 1) % 1 else f"{number:.1f} %"


def _before_alone(before: Count) -> Verdict:
    if not before.tries:
        return Verdict(Finding.NOTHING, "Nothing was tried yet, so no fix is verified.")
    if not before.failures:
        possible = percent(wilson(before).high)
        return Verdict(Finding.NOT_REPRODUCED, f"Not reproduced: {before} failed, which still allows up to {possible}.")
    sentence = f"Reproduced: {before} failed before the fix (likely {wilson(before)}). Nothing was tried after it."
    return Verdict(Finding.REPRODUCED, sentence)


def _still_fails(before: Count, after: Count) -> Verdict:
    sentence = f"Not fixed: {after} still failed (likely {wilson(after)})"
    if before.tries and difference(before, after).low > 0:
        return Verdict(Finding.REDUCED, f"{sentence}, down from {before}: fewer, but not gone.")
    compared = f", {before} did before; no difference is shown." if before.tries else "."
    return Verdict(Finding.NOT_FIXED, sentence + compared)


def _z(certainty: float) -> float:
    return NormalDist().inv_cdf((1 + certainty) / 2)
