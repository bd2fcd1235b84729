"""What a system takes from and gives to, as the register knew it at one moment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

# Raised when a map is drawn differently, so that pictures of the older kind are made anew.
DRAWING = 1


@dataclass(frozen=True)
class Place:
    """One system on a map.

    `trouble`: the key of another open incident of it, empty for none; `known` False: it is not in the register.
    """

    key: str
    name: str
    team: str = ""
    trouble: str = ""
    known: bool = True

    @property
    def words(self) -> str:
        parts = [self.name, self.team, f"in {self.trouble}" if self.trouble else ""]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class DependencyMap:
    """The failing system of the incident `incident`, between those it takes from and those it gives to."""

    incident: str
    system: Place
    upstream: Sequence[Place] = ()
    downstream: Sequence[Place] = ()

    @property
    def lines(self) -> Sequence[str]:
        """The map as a small tree of text, a system a line."""
        team = f", {self.system.team}" if self.system.team else ""
        here = f"● {self.system.name} (this one{team})"
        return [*(f"← {one.words}" for one in self.upstream), here, *(f"→ {one.words}" for one in self.downstream)]

    @property
    def words(self) -> str:
        """The map in sentences, for those who can't see it."""
        said = [f"{self.system.name} is failing ({self.incident})."]
        said += [f"It takes from: {_listed(self.upstream)}."] if self.upstream else []
        said += [f"It gives to: {_listed(self.downstream)}."] if self.downstream else []
        return " ".join(said)

    @property
    def digest(self) -> str:
        """The same for two maps that are drawn alike."""
        drawn = json.dumps([DRAWING, self.as_json()], sort_keys=True)
        return hashlib.sha256(drawn.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return {
            "incident": self.incident,
            "system": asdict(self.system),
            "upstream": [asdict(one) for one in self.upstream],
            "downstream": [asdict(one) for one in self.downstream],
        }


def _listed(places: Sequence[Place]) -> str:
    return "; ".join(one.words for one in places)


def from_json(kept: Mapping[str, Any]) -> DependencyMap:
    """The map that `as_json` was made of."""
    upstream = [Place(**one) for one in kept["upstream"]]
    return DependencyMap(
        kept["incident"], Place(**kept["system"]), upstream, [Place(**one) for one in kept["downstream"]]
    )


def from_lines(incident: str, lines: Sequence[str]) -> DependencyMap | None:
    """The map that a tree of text shows, as packs have it that were gathered before maps were kept; None for none."""
    found: dict[str, list[Place]] = {"←": [], "●": [], "→": []}
    for line in lines:
        sign, _, name = line.partition(" ")
        if sign in found:
            found[sign].append(Place(name, name))
    if not found["●"]:
        return None
    return DependencyMap(incident, found["●"][0], found["←"], found["→"])
