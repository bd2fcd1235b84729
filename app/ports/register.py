"""The AI system register, as use cases ask it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.register import System
from app.ports.store import UnitOfWork


class Register(Protocol):
    """The systems of a workspace: those of the register file, as changed and added by people since."""

    async def system(self, uow: UnitOfWork, team: str, key: str) -> System | None:
        """The entry of that key, None if there is none."""
        ...

    async def systems(self, uow: UnitOfWork, team: str) -> Sequence[System]:
        """All entries, in order of their names."""
        ...


class NoRegister:
    """A register without entries."""

    async def system(self, uow: UnitOfWork, team: str, key: str) -> System | None:
        return None

    async def systems(self, uow: UnitOfWork, team: str) -> Sequence[System]:
        return ()


NO_REGISTER = NoRegister()
