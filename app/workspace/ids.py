"""Identifiers and timestamps, handed out in an order that repeats from run to run."""

from collections.abc import Callable

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _base36(number: int, width: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits.rjust(width, "0")


class Ids:
    """Gives out Slack-like ids: a letter for the kind of thing, then a number."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def next(self, prefix: str) -> str:
        """The next unused id that starts with `prefix`, eleven characters in all for one letter."""
        self._last[prefix] = self._last.get(prefix, 0) + 1
        return f"{prefix}0{_base36(self._last[prefix], 9)}"

    def count(self, series: str) -> int:
        """The next number of a series, from 1."""
        self._last[series] = self._last.get(series, 0) + 1
        return self._last[series]


class Timestamps:
    """Gives out message timestamps: unix seconds with six digits, each later than the last."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last_micros = 0

    def next(self) -> str:
        """The present moment, moved on by a microsecond where two would be equal."""
        micros = max(int(self._now() * 1_000_000), self._last_micros + 1)
        self._last_micros = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def ts_micros(ts: str) -> int:
    """A timestamp as whole microseconds; `ValueError` for anything that is not one."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int((fraction or "0").ljust(6, "0")[:6])
