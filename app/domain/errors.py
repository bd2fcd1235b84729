"""The errors a person can meet: each says what happened, what was kept and what to do."""

from __future__ import annotations


class IncidentError(Exception):
    """Something that a person asked for can't be done; `str(error)` is what they read.

    `field` names the form field it belongs to, None if it belongs to none.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFound(IncidentError):
    """There is no such thing, or the person may not know that there is."""


class Invalid(IncidentError):
    """What was given can't be used as it is."""


class NotAllowed(IncidentError):
    """The act needs a role that the person doesn't hold."""


class Conflict(IncidentError):
    """Somebody else was first, or things have moved on."""


class BadSetup(IncidentError):
    """The product can't start or go on as it is configured; `problems` has one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
