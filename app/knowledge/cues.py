"""Cues by which words in a report speak for something, read from the YAML files beside this module."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from app.domain.register import Frozen
from app.knowledge.marked_yaml import Fault, FaultyFile, Marked, Where, named, read_marked, validated

Patterns = tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...]

EXAMPLES: Mapping[str, str] = {
    "families": "families: {machine: [chatbot, assistant]}",
    "groups": "groups: {prompt_injection: [{because: an injection is named, weight: 5, any: [injected]}]}",
    "because": "because: data of others could be seen",
    "weight": "weight: 3",
    "any": "any: [leak, '@others']",
    "with": "with: ['@data']",
    "also": "also: [public]",
    "not": "not: [memory leak]",
    "far": "far: true",
}


class CueEntry(Frozen):
    """A cue as it is written: see the head of `archetype_cues.yml`."""

    because: Annotated[str, Field(min_length=1, max_length=200)]
    weight: Annotated[float, Field(gt=0, le=10)] = 1
    any: Annotated[Patterns, Field(min_length=1)]
    with_: Annotated[Patterns, Field(alias="with")] = ()
    also: Patterns = ()
    not_: Annotated[Patterns, Field(alias="not")] = ()
    far: bool = False


class CueFile(Frozen):
    """A file of cues: families of words, and the cues of each group."""

    families: dict[str, Patterns] = Field(default_factory=dict)
    groups: dict[str, tuple[CueEntry, ...]]


@dataclass(frozen=True)
class Cue:
    """A cue ready to be looked for: `parts` must all be found, at different places of a sentence (`far`: of the text).

    It is silent where `unless` is found anywhere.
    """

    group: str
    because: str
    weight: float
    parts: Sequence[re.Pattern[str]]
    unless: re.Pattern[str] | None
    far: bool


def load_cues(name: str, groups: Collection[str]) -> tuple[Cue, ...]:
    """The cues of a file beside this module, whose groups are some of those. Raises ValueError with its lines."""
    text = files("app.knowledge").joinpath(name).read_text(encoding="utf-8")
    try:
        return parse_cues(text, groups)
    except FaultyFile as error:
        raise ValueError("\n".join(f"{name} {fault}" for fault in error.faults)) from None


def parse_cues(text: str, groups: Collection[str]) -> tuple[Cue, ...]:
    """The cues in that YAML text. Raises FaultyFile."""
    marked = read_marked(text)
    given = validated(CueFile, marked, EXAMPLES)
    reader = _Reader(given.families, marked)
    cues = list(reader.cues(given, groups))
    if reader.faults:
        raise FaultyFile(reader.faults)
    return tuple(cues)


class _Reader:
    def __init__(self, families: Mapping[str, Patterns], marked: Marked) -> None:
        self._families = families
        self._marked = marked
        self.faults: list[Fault] = []

    def cues(self, given: CueFile, groups: Collection[str]) -> Iterator[Cue]:
        for group, entries in given.groups.items():
            if group not in groups:
                self._fault(("groups", group), f"is no group here; there are: {', '.join(groups)}")
            for number, entry in enumerate(entries):
                yield self._cue(group, entry, ("groups", group, number))

    def _cue(self, group: str, entry: CueEntry, where: Where) -> Cue:
        written = (("any", entry.any), ("with", entry.with_), ("also", entry.also))
        parts = [self._pattern(words, (*where, name)) for name, words in written if words]
        unless = self._pattern(entry.not_, (*where, "not")) if entry.not_ else None
        return Cue(group, entry.because, entry.weight, parts, unless, entry.far)

    def _pattern(self, words: Patterns, where: Where) -> re.Pattern[str]:
        wanted = "|".join(self._fragment(word, (*where, number)) for number, word in enumerate(words))
        return re.compile(wanted, re.IGNORECASE)

    def _fragment(self, word: str, where: Where) -> str:
        if word.startswith("@"):
            family = self._families.get(word[1:])
            if family is None:
                self._fault(where, f"names no family: {word}")
            return "|".join(self._fragment(one, where) for one in family or ("(?!)",))
        whole = re.fullmatch(r'"(.+)"', word)
        fragment = rf"\b(?:{whole[1]})\b" if whole else word if word.startswith(r"\b") else rf"\b(?:{word})"
        try:
            re.compile(fragment)
        except re.error as error:
            self._fault(where, f"is no regular expression: {error}")
            return "(?!)"
        return fragment

    def _fault(self, where: Where, said: str) -> None:
        self.faults.append(Fault(self._marked.line(where), named(where), said))
