"""The vault: secrets as they may lie in a database."""

from __future__ import annotations

from typing import Protocol


class Unreadable(Exception):
    """A sealed secret that none of the configured keys opens, or that was sealed for another place."""


class Vault(Protocol):
    """Seals secrets. `place` says whose secret it is and which; sealed for one place it opens for no other."""

    def seal(self, secret: str, place: str) -> str: ...

    def open(self, sealed: str, place: str) -> str:
        """Raises Unreadable."""
        ...

    def is_current(self, sealed: str) -> bool:
        """Whether it was sealed with the key that seals now."""
        ...
