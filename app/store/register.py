"""Questions about what people changed in the register of AI systems."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from app.domain.register_entry import RegisterChange, RegisterEntry
from app.store.query import Questions


class RegisterQuestions(Questions):
    """Entries of a workspace, and the history of their changes."""

    async def entry(self, team: str, key: str) -> RegisterEntry | None:
        wanted = select(RegisterEntry).where(RegisterEntry.team == team, RegisterEntry.key == key)
        return await self._first(self._held(wanted))

    async def entries(self, team: str) -> Sequence[RegisterEntry]:
        wanted = select(RegisterEntry).where(RegisterEntry.team == team)
        return await self._all(wanted.order_by(col(RegisterEntry.key)))

    async def changes(self, team: str, key: str, *, limit: int = 20) -> Sequence[RegisterChange]:
        wanted = select(RegisterChange).where(RegisterChange.team == team, RegisterChange.key == key)
        return await self._all(wanted.order_by(col(RegisterChange.id).desc()).limit(limit))
