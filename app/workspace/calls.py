"""The record of one Web API call, for tests and for the curious."""

from dataclasses import dataclass

from app.workspace.model import Json


@dataclass(frozen=True)
class Call:
    """One call; `outcome` is `ok`, an error word or the name of a fault; `at` is unix seconds."""

    method: str
    args: Json
    outcome: str
    at: float
