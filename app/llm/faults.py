"""What went wrong with a model, as a clause that a person understands."""

from __future__ import annotations

_CLAUSES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"APITimeoutError", "TimeoutError"}), "the model timed out"),
    (frozenset({"APIConnectionError", "OSError"}), "the model could not be reached"),
    (frozenset({"AuthenticationError", "PermissionDeniedError"}), "the model's server refused the key"),
    (frozenset({"RateLimitError"}), "the model is over its limit"),
    (frozenset({"NotFoundError"}), "the model's server does not know the model or the address"),
    (frozenset({"BadRequestError", "UnprocessableEntityError"}), "the model's server refused the request"),
    (frozenset({"InternalServerError"}), "the model's server failed"),
    (frozenset({"OpenAIError"}), "the model could not be asked"),
)


def described(error: Exception) -> str:
    """One short plain clause; nothing of what the server said is repeated.

    Errors are told apart by the names of their classes, so that the SDK is loaded only where it is used.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    return next((clause for kinds, clause in _CLAUSES if names & kinds), "the model's answer could not be read")
