"""What people changed in the register, as use cases ask the store for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.register_entry import RegisterChange, RegisterEntry


class RegisterEntries(Protocol):
    """Entries that people added or changed, and the history of that."""

    async def entry(self, team: str, key: str) -> RegisterEntry | None: ...

    async def entries(self, team: str) -> Sequence[RegisterEntry]: ...

    async def changes(self, team: str, key: str, *, limit: int = 20) -> Sequence[RegisterChange]:
        """The newest changes of one entry, the newest first."""
        ...
