"""Layers of an AI system, and how a failure went through them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Layer(StrEnum):
    """Where a failure sits in a cascade, in the order in which it runs through."""

    INPUT = "input"
    INFERENCE = "inference"
    OUTPUT = "output"
    INTEGRATION = "integration"


class Sign(StrEnum):
    """What is known of a layer: it failed, it may have, it was ruled out there, or nobody has said."""

    FAILED = "failed"
    SUSPECTED = "suspected"
    HELD = "held"
    OPEN = "open"


_SIGNS: Mapping[Sign, str] = {Sign.FAILED: "✕", Sign.SUSPECTED: "?", Sign.HELD: "ruled out", Sign.OPEN: "open"}
# What an entry of this mark says of its layer; measures and decisions say nothing of what failed.
_SAID: Mapping[str, Sign] = {
    "note": Sign.FAILED,
    "observation": Sign.FAILED,
    "impact": Sign.FAILED,
    "evidence": Sign.FAILED,
    "milestone": Sign.FAILED,
    "hypothesis": Sign.SUSPECTED,
    "unknown": Sign.SUSPECTED,
    "ruled_out": Sign.HELD,
}
_STRONGEST = (Sign.FAILED, Sign.SUSPECTED, Sign.HELD)


@dataclass(frozen=True)
class Cascade:
    """What is known of every layer."""

    signs: Mapping[Layer, Sign]

    @property
    def known(self) -> bool:
        """Whether anything is said of any layer."""
        return any(sign is not Sign.OPEN for sign in self.signs.values())

    @property
    def started(self) -> Layer | None:
        """The first layer that failed, as far as is known."""
        return next(iter(self.reached), None)

    @property
    def reached(self) -> tuple[Layer, ...]:
        """The layers that failed, in order."""
        return tuple(layer for layer in Layer if self.signs[layer] is Sign.FAILED)

    @property
    def unsettled(self) -> tuple[Layer, ...]:
        """The layers of which it isn't known whether they failed."""
        return tuple(layer for layer in Layer if self.signs[layer] in (Sign.SUSPECTED, Sign.OPEN))

    def __str__(self) -> str:
        """`input ✕ → inference ✕ → output ? → integration open`"""
        return " → ".join(f"{layer} {_SIGNS[self.signs[layer]]}" for layer in Layer)

    @property
    def sentence(self) -> str:
        """The same in words: where it started, what it reached, what is open."""
        if not self.reached:
            said = "No layer is known to have failed yet"
        elif len(self.reached) == 1:
            said = f"It failed at {self.reached[0]}"
        else:
            said = f"It started at {self.reached[0]} and reached {_listed(self.reached[1:])}"
        suspected = [layer for layer in Layer if self.signs[layer] is Sign.SUSPECTED]
        held = [layer for layer in Layer if self.signs[layer] is Sign.HELD]
        nothing = [layer for layer in Layer if self.signs[layer] is Sign.OPEN]
        parts = [
            f"{_listed(suspected)} may be hit" if suspected else "",
            f"{_listed(held)} {_is(held)} ruled out" if held else "",
            f"{_listed(nothing)} {_is(nothing)} open" if nothing else "",
        ]
        return "; ".join([said, *filter(None, parts)]) + "."


def cascade_of(said: Iterable[tuple[str, str]]) -> Cascade:
    """The cascade that entries tell of, each given as its layer and its mark; the strongest word on a layer counts."""
    found: dict[Layer, set[Sign]] = {layer: set() for layer in Layer}
    for layer, mark in said:
        if mark in _SAID:
            found[Layer(layer)].add(_SAID[mark])
    return Cascade(
        {layer: next((one for one in _STRONGEST if one in signs), Sign.OPEN) for layer, signs in found.items()}
    )


def _listed(layers: Iterable[str]) -> str:
    names = list(layers)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _is(layers: list[Layer]) -> str:
    return "is" if len(layers) == 1 else "are"
