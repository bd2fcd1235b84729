"""Questions about the workspaces that the app is installed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from app.domain.installation import Installation, InstallAttempt
from app.store.query import Questions


class InstallationQuestions(Questions):
    """Installations, one for each workspace, and the attempts that may become one."""

    async def of(self, team: str) -> Installation | None:
        return await self._first(self._held(select(Installation).where(Installation.team == team)))

    async def ended(self) -> frozenset[str]:
        ended = select(Installation.team).where(col(Installation.uninstalled_at).is_not(None))
        return frozenset(await self._all(ended))

    async def active(self) -> Sequence[Installation]:
        installed = select(Installation).where(col(Installation.uninstalled_at).is_(None))
        return await self._all(self._held(installed.order_by(col(Installation.team))))

    async def take_attempt(self, state_digest: str) -> InstallAttempt | None:
        taken = delete(InstallAttempt).where(col(InstallAttempt.state_digest) == state_digest).returning(InstallAttempt)
        attempt: InstallAttempt | None = (await self._session.scalars(taken)).first()
        return attempt

    async def forget_attempts(self, before: datetime) -> None:
        await self._run(delete(InstallAttempt).where(col(InstallAttempt.expires_at) < before))
