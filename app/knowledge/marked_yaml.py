"""YAML files that people write, read so that every fault can be told with its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.domain.errors import BadSetup

Where = tuple[str | int, ...]
Value = str | list[Any] | dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)

MOST_NODES = 200_000
DEEPEST = 30
_NULL = "tag:yaml.org,2002:null"

_PLAIN: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is no field here",
    "string_type": "must be text",
    "string_pattern_mismatch": "is not written as it must be",
    "string_too_short": "is empty",
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be yes or no",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must hold fields, each on a line of its own",
    "model_type": "must hold fields, each on a line of its own",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: on which line, in which field (empty for the file as a whole), and what."""

    line: int
    about: str
    said: str
    example: str = ""

    def __str__(self) -> str:
        about = f"{self.about} " if self.about else ""
        example = f". For example: {self.example}" if self.example else ""
        return f"line {self.line}: {about}{self.said}{example}"


class FaultyFile(ValueError):
    """A file that can't be used; `faults` has one for each thing that is wrong, from the top down."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class Marked:
    """A document as plain values, every scalar as its text, and the line on which each value begins.

    A key without a value is left out. Texts stay as they are written: `1.10` is no number, `no` is no truth value.
    """

    value: Value
    lines: Mapping[Where, int] = field(default_factory=dict)

    def line(self, where: Where) -> int:
        """The line of that value, or of the nearest that holds it."""
        return next((self.lines[where[:end]] for end in range(len(where), -1, -1) if where[:end] in self.lines), 1)


def read_marked(text: str) -> Marked:
    """The one document in `text`; an empty one holds no fields. Raises FaultyFile."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        raise FaultyFile([Fault(mark.line + 1 if mark else 1, "", f"is not YAML: {said}")]) from None
    except yaml.YAMLError as error:
        raise FaultyFile([Fault(1, "", f"is not YAML: {' '.join(str(error).split())}")]) from None
    if root is None:
        return Marked({})
    reader = _Reader()
    value = reader.value(root, ())
    if reader.faults:
        raise FaultyFile(reader.faults)
    return Marked({} if value is None else value, reader.lines)


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Where, int] = {}
        self.faults: list[Fault] = []
        self.count = 0

    def value(self, node: yaml.Node, where: Where) -> Value | None:
        line = node.start_mark.line + 1
        self.lines.setdefault(where, line)
        self.count += 1
        if self.count > MOST_NODES or len(where) > DEEPEST:
            raise FaultyFile([Fault(line, "", "is too large, or holds itself")])
        if isinstance(node, yaml.MappingNode):
            return dict(self._fields(node, where))
        if isinstance(node, yaml.SequenceNode):
            found = (self.value(one, (*where, number)) for number, one in enumerate(node.value))
            return [one if one is not None else "" for one in found]
        return None if node.tag == _NULL else str(node.value)

    def _fields(self, node: yaml.MappingNode, where: Where) -> Iterator[tuple[str, Value]]:
        seen: set[str] = set()
        for key, held in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                self.faults.append(Fault(line, named((*where, name)), "stands there twice"))
            seen.add(name)
            self.lines[*where, name] = line
            value = self.value(held, (*where, name))
            if value is not None:
                yield name, value


def validated(kind: type[Model], marked: Marked, examples: Mapping[str, str]) -> Model:
    """The document as that model. `examples`: a line of YAML for each field's name. Raises FaultyFile."""
    try:
        return kind.model_validate(marked.value)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise FaultyFile([_fault(one, marked, examples) for one in details]) from None


def _fault(detail: ErrorDetails, marked: Marked, examples: Mapping[str, str]) -> Fault:
    where: Where = detail["loc"]
    name = next((str(part) for part in reversed(where) if isinstance(part, str)), "")
    near = difflib.get_close_matches(name, examples, n=1) if detail["type"] == "extra_forbidden" else ()
    said = said_plainly(detail) + (f"; did you mean {near[0]}?" if near else "")
    return Fault(marked.line(where), named(where), said, examples.get(near[0] if near else name, ""))


def said_plainly(detail: ErrorDetails) -> str:
    """What is wrong with a value, for whoever wrote it."""
    plain = _PLAIN.get(detail["type"])
    given = detail.get("input")
    if plain is None:
        plain = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
        plain = re.sub(r"(String|Tuple|List) should have", "must have", plain)
        plain = plain.replace("less than or equal to", "at most").replace("greater than or equal to", "at least")
    shown = isinstance(given, str) and given and detail["type"] not in {"missing", "extra_forbidden", "value_error"}
    return f"{plain}, not “{given[:40]}”" if shown and isinstance(given, str) else plain


def named(where: Where) -> str:
    """A place as people count: `systems[2].owners[1]`."""
    said = ""
    for part in where:
        said += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if said else str(part)
    return said


def text_of(path: Path, about: str) -> str:
    """The text of a file that the operator named. Raises BadSetup, beginning with `about`, when it can't be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise BadSetup([f"{about}: {path} can't be read: it must be a UTF-8 text file that you may read"]) from None
