"""`redact`: copy text as a model would get it, with secrets and personal data taken out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable

from app.commands.output import say
from app.domain.errors import Invalid
from app.drafting.redaction import redact


def run(arguments: argparse.Namespace) -> int:
    """Redact standard input, or with `--jsonl` the `text` of each line. Raises Invalid for input that can't be read."""
    source = sys.stdin.buffer
    if arguments.jsonl:
        _by_line(source)
    else:
        sys.stdout.write(redact(_decoded(source.read(), "The input")).text)
        sys.stdout.flush()
    return 0


def _by_line(lines: Iterable[bytes]) -> None:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(_decoded(line, f"Line {number}"))
        except (json.JSONDecodeError, RecursionError):
            raise Invalid(f'Line {number} is no JSON. Each line must be an object with "text".') from None
        if not isinstance(given, dict) or not isinstance(given.get("text"), str):
            raise Invalid(f'Line {number} has no "text". Each line must be an object with "text".')
        say(json.dumps({**given, "text": redact(given["text"]).text}, ensure_ascii=False))


def _decoded(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{what} is no UTF-8 text.") from None
