"""The notification regimes: `clocks.yml` beside this module, and the operator's own file where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from app.domain.errors import BadSetup
from app.domain.regime import Frozen, Knowledge, Question, Regime
from app.knowledge.marked_yaml import Fault, FaultyFile, Marked, read_marked, text_of, validated

FILE = "clocks.yml"
EXAMPLES: Mapping[str, str] = {
    "regimes": "regimes: a list, each with key, name, article, source, confidence, standing, status, who and trigger",
    "key": "key: our_regulator",
    "name": "name: Our regulator",
    "article": "article: Licence, section 4.2",
    "source": "source: Text of the licence",
    "confidence": "confidence: high",
    "standing": "standing: in_force",
    "status": "status: In force.",
    "who": "who: Whoever holds the licence",
    "trigger": "trigger: Any outage of more than an hour",
    "applies_from": "applies_from: {2027-01-01: the whole act}",
    "zone": "zone: Europe/Berlin",
    "phases": "phases: [{key: notice, name: Notice, limits: [{after: awareness, hours: 24}]}]",
    "limits": "limits: [{after: awareness, hours: 24}]",
    "after": "after: awareness",
    "hours": "hours: 24",
    "when": "when: [eu, [personal_data, health_data]]",
}


class _Own(Frozen):
    """An operator's file: regimes and questions that replace or extend the built-in ones."""

    where: tuple[Question, ...] = ()
    what: tuple[Question, ...] = ()
    details: tuple[Question, ...] = ()
    regimes: tuple[Regime, ...] = Field(default=())


@cache
def built_in() -> Knowledge:
    """The regimes that come with the product."""
    return load_clocks(files("app.knowledge").joinpath(FILE).read_text(encoding="utf-8"))


def clocks_with(folder: Path | None) -> Knowledge:
    """The built-in regimes, replaced by key and extended by `clocks.yml` in the folder, if there is one.

    Raises BadSetup with a line for each fault: the file, the line in it, what is wrong.
    """
    own = folder / FILE if folder is not None else None
    if own is None or not own.is_file():
        return built_in()
    text = text_of(own, "PLAYBOOKS_DIR")
    try:
        return extended(built_in(), text)
    except FaultyFile as error:
        raise BadSetup([f"PLAYBOOKS_DIR: {FILE} {fault}" for fault in error.faults]) from None


def load_clocks(text: str) -> Knowledge:
    """The knowledge in a whole file. Raises FaultyFile."""
    marked = read_marked(text)
    knowledge = validated(Knowledge, marked, EXAMPLES)
    _must_hang_together(knowledge.regimes, _facts(knowledge), marked)
    return knowledge


def extended(base: Knowledge, text: str) -> Knowledge:
    """`base` with the regimes and questions in `text`: those of a known key replace it. Raises FaultyFile."""
    marked = read_marked(text)
    own = validated(_Own, marked, EXAMPLES)
    merged = Knowledge(**{name: _merged(getattr(base, name), getattr(own, name)) for name in Knowledge.model_fields})
    _must_hang_together(own.regimes, _facts(merged), marked)
    return merged


def _merged(known: tuple[Any, ...], given: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(({one.key: one for one in known} | {one.key: one for one in given}).values())


def _facts(knowledge: Knowledge) -> frozenset[str]:
    return frozenset(one.key for one in (*knowledge.where, *knowledge.what, *knowledge.details))


def _must_hang_together(regimes: tuple[Regime, ...], asked: frozenset[str], marked: Marked) -> None:
    """Every fact is asked for, every zone exists, every key is used once."""
    faults = []
    seen: set[str] = set()
    for number, regime in enumerate(regimes):
        said = [f"{regime.key}: no question asks for {fact}" for fact in sorted(regime.all_facts - asked)]
        said += [f"{regime.key}: there is no time zone {regime.zone}"] if not _is_zone(regime.zone) else []
        said += [f"{regime.key} stands there twice"] if regime.key in seen else []
        seen.add(regime.key)
        faults += [Fault(marked.line(("regimes", number)), "", one) for one in said]
    if faults:
        raise FaultyFile(faults)


def _is_zone(name: str | None) -> bool:
    try:
        return name is None or bool(ZoneInfo(name).key)
    except (ZoneInfoNotFoundError, ValueError):
        return False
