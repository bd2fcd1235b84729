"""What use cases ask about the workspaces that the app is installed in; see `app.ports.store`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.installation import Installation, InstallAttempt


class Installations(Protocol):
    """The workspaces that the app is or was installed in. In a transaction that writes, one found is locked."""

    async def of(self, team: str) -> Installation | None: ...

    async def ended(self) -> frozenset[str]:
        """The workspaces that the app was installed in and no longer is."""
        ...

    async def active(self) -> Sequence[Installation]:
        """Every installation that is not ended, by team; what looks after all of them needs it, no use case does."""
        ...

    async def take_attempt(self, state_digest: str) -> InstallAttempt | None:
        """The attempt, deleted: nobody gets it again."""
        ...

    async def forget_attempts(self, before: datetime) -> None:
        """Delete attempts that expired before."""
        ...
