"""Text that every database takes: without NUL and without halves of surrogate pairs, which Slack's JSON can carry."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Engine, event

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> str:
    """The text with each character that a database refuses replaced by U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # UTF-16 joins what are really two halves of one character.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def as_json(value: Any) -> str:
    """The value as a JSON text that every database takes."""
    return json.dumps(_clean(value), ensure_ascii=False, separators=(",", ":"))


def make_storable(engine: Engine) -> None:
    """Pass every text that the engine is given through `storable`."""

    def clean(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
        return statement, _clean_rows(parameters)

    event.listen(engine, "before_cursor_execute", clean, retval=True)


def _clean_rows(parameters: Any) -> Any:
    if isinstance(parameters, list):
        return [_clean_rows(row) for row in parameters]
    if isinstance(parameters, dict):
        return {name: _clean_value(value) for name, value in parameters.items()}
    # A list first: every value of every row passes here, and a generator would take twice as long.
    return tuple([storable(value) if isinstance(value, str) else value for value in parameters])


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    return [_clean_value(one) for one in value] if isinstance(value, list) else value


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value
