"""The part of JSON Schema that judges an answer: types, required fields, choices and limits. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
_DEEPEST = 20


def parse_schema(text: str) -> Mapping[str, Any]:
    """The schema in that JSON text. Raises ValueError saying what it is not, or which keyword isn't known here."""
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("the schema is not JSON") from None
    _must_be_known(schema, 0)
    return schema  # type: ignore[no-any-return]


def fits(schema: Mapping[str, Any], answer: str) -> bool:
    """Whether the answer is JSON of that shape."""
    try:
        return _fits(schema, json.loads(answer))
    except (ValueError, RecursionError):
        return False


def _must_be_known(schema: object, depth: int) -> None:
    if not isinstance(schema, dict) or depth > _DEEPEST:
        raise ValueError("a schema is a JSON object, nested at most twenty deep")
    unknown = sorted(set(schema) - set(_CHECKS) - _HARMLESS)
    if unknown:
        known = ", ".join(sorted(_CHECKS))
        raise ValueError(f"the keyword {unknown[0]} is not known here; known are {known}")
    kinds = schema.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if kind not in _TYPES:
            raise ValueError(f"there is no type {kind}")
    for inner in _inner(schema):
        _must_be_known(inner, depth + 1)


def _inner(schema: Mapping[str, Any]) -> Iterator[object]:
    yield from (schema.get("properties") or {}).values()
    if "items" in schema:
        yield schema["items"]


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    return all(check(schema, value) for keyword, check in _CHECKS.items() if keyword in schema)


def _is_of_type(schema: Mapping[str, Any], value: Any) -> bool:
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if isinstance(value, bool):
        return "boolean" in kinds
    return any(isinstance(value, _TYPES[kind]) for kind in kinds)


def _properties(schema: Mapping[str, Any], value: Any) -> bool:
    if not isinstance(value, dict):
        return True
    return all(_fits(inner, value[name]) for name, inner in schema["properties"].items() if name in value)


def _nothing_else(schema: Mapping[str, Any], value: Any) -> bool:
    if schema["additionalProperties"] is not False or not isinstance(value, dict):
        return True
    return set(value) <= set(schema.get("properties") or {})


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_HARMLESS = frozenset({"$schema", "$id", "title", "description", "examples", "default"})
_CHECKS: Mapping[str, Callable[[Mapping[str, Any], Any], bool]] = {
    "type": _is_of_type,
    "enum": lambda schema, value: value in schema["enum"],
    "const": lambda schema, value: value == schema["const"],
    "required": lambda schema, value: not isinstance(value, dict) or set(schema["required"]) <= set(value),
    "properties": _properties,
    "additionalProperties": _nothing_else,
    "items": lambda schema, value: not isinstance(value, list) or all(_fits(schema["items"], one) for one in value),
    "minimum": lambda schema, value: not _number(value) or value >= schema["minimum"],
    "maximum": lambda schema, value: not _number(value) or value <= schema["maximum"],
    "minLength": lambda schema, value: not isinstance(value, str) or len(value) >= schema["minLength"],
    "maxLength": lambda schema, value: not isinstance(value, str) or len(value) <= schema["maxLength"],
    "minItems": lambda schema, value: not isinstance(value, list) or len(value) >= schema["minItems"],
    "maxItems": lambda schema, value: not isinstance(value, list) or len(value) <= schema["maxItems"],
}
