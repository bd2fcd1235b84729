"""Standard input of the commands that take text: whole, or a JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.errors import Invalid


def text_lines(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The object on each line that isn't blank. Raises Invalid at the first that is none with a `text`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(decoded(line, f"Line {number}"))
        except (json.JSONDecodeError, RecursionError):
            raise Invalid(f'Line {number} is no JSON. Each line must be an object with "text".') from None
        if not isinstance(given, dict) or not isinstance(given.get("text"), str):
            raise Invalid(f'Line {number} has no "text". Each line must be an object with "text".')
        yield given


def decoded(data: bytes, what: str) -> str:
    """The bytes as text. Raises Invalid, beginning with `what`, for bytes that are none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{what} is no UTF-8 text.") from None
