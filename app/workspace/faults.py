"""Failures of the Web API, made on purpose and in a fixed order."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.workspace.model import Json


@dataclass(frozen=True)
class Fault:
    """How one call goes wrong; made by the functions below."""

    name: str
    code: str = ""
    seconds: float = 0.0


def error(code: str) -> Fault:
    """The call is refused with this error word."""
    return Fault("error", code=code)


def ratelimited(retry_after_seconds: int = 1) -> Fault:
    """The call is refused with 429 and a Retry-After header."""
    return Fault("ratelimited", seconds=retry_after_seconds)


def http_500() -> Fault:
    """The server breaks before acting."""
    return Fault("http_500")


def slow(seconds: float) -> Fault:
    """The call works, after a pause."""
    return Fault("slow", seconds=seconds)


def lost_answer() -> Fault:
    """The call is carried out, then the connection drops."""
    return Fault("lost_answer")


def dropped() -> Fault:
    """The connection drops before anything is done."""
    return Fault("dropped")


@dataclass
class Planned:
    """A fault that waits for its calls; `times` None means for ever."""

    method: str
    kind: Fault
    times: int | None
    when: Callable[[Json], bool] | None
    struck: int = 0

    def fits(self, method: str, args: Json) -> bool:
        """True when this call is to go wrong."""
        if self.method not in ("*", method) or self.times == 0:
            return False
        return self.when is None or self.when(args)


@dataclass
class Faults:
    """The faults to come, first planned first struck."""

    planned: list[Planned] = field(default_factory=list)

    def add(
        self,
        method: str,
        kind: Fault,
        times: int | None = 1,
        when: Callable[[Json], bool] | None = None,
    ) -> Planned:
        """Let the next `times` calls of `method` (`*` for any) go wrong; None for all of them.

        `when` sees the call's arguments and may let it pass.
        """
        planned = Planned(method, kind, times, when)
        self.planned.append(planned)
        return planned

    def clear(self) -> None:
        """Let everything work again."""
        self.planned.clear()

    def strike(self, method: str, args: Json) -> Fault | None:
        """The fault this call meets, now used up, or None."""
        for planned in self.planned:
            if planned.fits(method, args):
                planned.struck += 1
                if planned.times is not None:
                    planned.times -= 1
                return planned.kind
        return None
