"""What a value in Block Kit JSON may be: small rules that check themselves."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


def problem(path: str, words: str) -> str:
    """One complaint in the form Slack gives in `response_metadata.messages`."""
    return f"[ERROR] {words} [json-pointer:{path}]"


class Rule(Protocol):
    """A rule for one value."""

    def check(self, value: Any, path: str) -> list[str]:
        """The complaints about `value`, which stands at `path`; empty when it is right."""
        ...


@dataclass(frozen=True)
class Chars:
    """A string of `low` to `high` characters, one of `among` if that is given, matching `pattern`."""

    high: int | None = None
    low: int = 1
    among: frozenset[str] = frozenset()
    pattern: str = ""

    def check(self, value: Any, path: str) -> list[str]:
        """The complaints about a string."""
        if not isinstance(value, str):
            return [problem(path, "must be a string")]
        if len(value) < self.low:
            return [problem(path, f"must be more than {self.low - 1} characters")]
        if self.high is not None and len(value) > self.high:
            return [problem(path, f"must be less than {self.high + 1} characters")]
        if self.among and value not in self.among:
            return [problem(path, f"value must be one of {sorted(self.among)}")]
        if self.pattern and re.fullmatch(self.pattern, value) is None:
            return [problem(path, f"must match {self.pattern}")]
        return []


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def check(self, value: Any, path: str) -> list[str]:
        """The complaints about a boolean."""
        return [] if isinstance(value, bool) else [problem(path, "must be a boolean")]


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int = 0
    high: int | None = None

    def check(self, value: Any, path: str) -> list[str]:
        """The complaints about a number."""
        if not isinstance(value, int) or isinstance(value, bool):
            return [problem(path, "must be an integer")]
        if value < self.low or (self.high is not None and value > self.high):
            return [problem(path, f"must be from {self.low} to {self.high}")]
        return []


@dataclass(frozen=True)
class Number:
    """Any number."""

    def check(self, value: Any, path: str) -> list[str]:
        """The complaints about a number."""
        right = isinstance(value, (int, float)) and not isinstance(value, bool)
        return [] if right else [problem(path, "must be a number")]


@dataclass(frozen=True)
class Anything:
    """A value that nobody looks into."""

    def check(self, value: Any, path: str) -> list[str]:
        """No complaints, whatever it is."""
        return []


@dataclass(frozen=True)
class Items:
    """A list of `low` to `high` things that all keep one rule."""

    rule: Rule
    high: int
    low: int = 1

    def check(self, value: Any, path: str) -> list[str]:
        """The complaints about a list and what is in it."""
        if not isinstance(value, list):
            return [problem(path, "must be an array")]
        if len(value) < self.low:
            return [problem(path, f"must have at least {self.low} items")]
        if len(value) > self.high:
            return [problem(path, f"no more than {self.high} items allowed")]
        return [words for at, one in enumerate(value) for words in self.rule.check(one, f"{path}/{at}")]


@dataclass(frozen=True)
class Shape:
    """An object with these fields and no others; `required` must be there.

    `also` adds complaints that concern several fields at once.
    """

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    also: Callable[[dict[str, Any], str], list[str]] | None = None

    def check(self, value: Any, path: str) -> list[str]:
        """The complaints about an object, its fields and what they hold."""
        if not isinstance(value, dict):
            return [problem(path, "must be an object")]
        words = [problem(path, f"missing required field: {name}") for name in self.required if value.get(name) is None]
        for name, held in value.items():
            if name not in self.fields:
                words.append(problem(path, f"invalid additional property: {name}"))
            elif held is not None:
                words += self.fields[name].check(held, f"{path}/{name}")
        if self.also is not None and not words:
            words += self.also(value, path)
        return words


@dataclass(frozen=True)
class OneOf:
    """An object whose `type` says which shape it has."""

    shapes: Mapping[str, Rule]
    among: tuple[str, ...] = field(default=())

    def check(self, value: Any, path: str) -> list[str]:
        """The complaints about an object, or about its type."""
        if not isinstance(value, dict):
            return [problem(path, "must be an object")]
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in self.shapes or (self.among and kind not in self.among):
            return [problem(f"{path}/type", f"unsupported type: {kind}")]
        return self.shapes[kind].check(value, path)


def exactly_one(*names: str) -> Callable[[dict[str, Any], str], list[str]]:
    """A further rule for a shape: one of these fields is there, and only one."""

    def check(value: dict[str, Any], path: str) -> list[str]:
        there = [name for name in names if value.get(name) is not None]
        return [] if len(there) == 1 else [problem(path, f"exactly one of {', '.join(names)} is required")]

    return check


def at_least_one(*names: str) -> Callable[[dict[str, Any], str], list[str]]:
    """A further rule for a shape: one of these fields is there, or several."""

    def check(value: dict[str, Any], path: str) -> list[str]:
        if any(value.get(name) is not None for name in names):
            return []
        return [problem(path, f"at least one of {', '.join(names)} is required")]

    return check
