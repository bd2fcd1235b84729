"""Who takes urgent jobs in the very transaction that comes to owe them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.job import Job
from app.ports.store import UnitOfWork


class Taker(Protocol):
    """Begins urgent jobs in this process right after the commit, without anybody looking for them."""

    async def take(self, uow: UnitOfWork, owed: Sequence[Job]) -> Sequence[Job]:
        """Claim some of the jobs that this transaction added, and return those; the others are left to the engine."""
        ...

    def begin(self, taken: Sequence[Job]) -> None:
        """The transaction is committed: carry out what was taken in it."""
        ...
