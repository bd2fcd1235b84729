"""What went wrong with a model, as a clause that a person understands."""

from __future__ import annotations

import re

from app.ports.drafter import DrafterFailed, Failure

_SHORT_SECONDS = 2.0
_FAULTS: tuple[tuple[frozenset[str], str, Failure], ...] = (
    (frozenset({"APITimeoutError", "TimeoutError"}), "the model timed out", Failure.TIMED_OUT),
    (frozenset({"APIConnectionError", "OSError"}), "the model could not be reached", Failure.UNREACHABLE),
    (
        frozenset({"AuthenticationError", "PermissionDeniedError"}),
        "the model's server refused the key",
        Failure.REFUSED,
    ),
    (frozenset({"RateLimitError"}), "the model is over its limit", Failure.LIMITED),
    (
        frozenset({"NotFoundError"}),
        "the model's server does not know the model or the address",
        Failure.REFUSED,
    ),
    (
        frozenset({"BadRequestError", "UnprocessableEntityError"}),
        "the model's server refused the request",
        Failure.REFUSED,
    ),
    (frozenset({"InternalServerError"}), "the model's server failed", Failure.BROKEN),
    (frozenset({"OpenAIError"}), "the model could not be asked", Failure.BROKEN),
)


def failed(error: Exception) -> DrafterFailed:
    """The error in one short plain clause; nothing of what the server said is repeated.

    Errors are told apart by the names of their classes, so that the SDK is loaded only where it is used.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    for kinds, clause, reason in _FAULTS:
        if names & kinds:
            return DrafterFailed(clause, reason, wait_seconds=_asked_to_wait(error))
    return DrafterFailed("the model's answer could not be read")


def worth_another_try(error: DrafterFailed) -> bool:
    """True for a fault that may pass at once; a server that asks for a longer pause is left alone."""
    if error.wait_seconds is not None and error.wait_seconds > _SHORT_SECONDS:
        return False
    return error.reason in (Failure.UNREACHABLE, Failure.BROKEN, Failure.LIMITED)


def _asked_to_wait(error: Exception) -> float | None:
    """The seconds of a Retry-After header; None without one, or where it names a date."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    value = str(headers.get("retry-after") or "")
    return float(value) if re.fullmatch(r"\d{1,7}(?:\.\d{1,3})?", value) else None
