"""Who acts, and from where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person of a workspace.

    `channel` is the channel that the act came from (a command, a button, a form opened there), None if from none. Being
    in an incident's own channel is what proves that somebody may see a restricted incident. `operator`: whoever has the
    server's command line, and with it the database; they see everything.
    """

    team: str
    user: str
    channel: str | None = None
    operator: bool = False
