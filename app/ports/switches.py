"""The switches by which systems are contained, and how throwing one can fail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.domain.containment import Reading
from app.domain.register import Switch


class Call(StrEnum):
    """What a connector is called for."""

    ACT = "act"
    VERIFY = "verify"
    UNDO = "undo"


class SwitchFailed(Exception):
    """A connector did not do, or did not credibly say, what it was called for; `str(error)` is one short plain clause.

    `again`: the same call may go well a moment later. It may have happened all the same: ask before believing either.
    """

    def __init__(self, clause: str, *, again: bool = False) -> None:
        super().__init__(clause)
        self.again = again


@dataclass(frozen=True)
class Order:
    """What a connector is told: never more than this leaves the product.

    `idempotency_key` is the same however often the order is given. `reason` is empty for restricted incidents.
    """

    incident: str
    system: str
    switch: Switch
    idempotency_key: str
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """What a connector said; `words` are its own and nobody vouches for them."""

    reading: Reading = Reading.UNKNOWN
    words: str = ""


class Switches(Protocol):
    """Throws, reads and takes back the switches that have a connector. Raises SwitchFailed, and nothing else."""

    def obstacle(self, switch: Switch) -> str:
        """The clause that says why this switch can't be thrown here, empty when nothing is in the way."""
        ...

    async def call(self, call: Call, order: Order) -> Answer:
        """For VERIFY the answer's reading is CONTAINED or NOT_CONTAINED, of this very system, switch and key."""
        ...
