"""`suggest`: what a first report suggests, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

from app.commands.output import say
from app.commands.text_lines import decoded, text_lines
from app.domain.suggestion import Suggestion
from app.drafting.suggesting.suggesting import suggester


def run(arguments: argparse.Namespace) -> int:
    """Suggest for standard input, or with `--jsonl` for the `text` of each line. Raises Invalid where it is none."""
    source = sys.stdin.buffer
    if arguments.jsonl:
        _by_line(source)
    else:
        text = decoded(source.read(), "The input")
        say(json.dumps(as_json(suggester().suggest(text)), ensure_ascii=False, indent=2))
    return 0


def _by_line(lines: Iterable[bytes]) -> None:
    for given in text_lines(lines):
        say(json.dumps(as_json(suggester().suggest(given["text"])), ensure_ascii=False))


def as_json(suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion in the shape that the command line promises."""
    return {
        "archetypes": [
            {"name": one.name, "score": one.score, "reasons": [str(reason) for reason in one.reasons]}
            for one in suggestion.archetypes
        ],
        "system_type": suggestion.system_type,
        "severity": {
            "level": suggestion.severity,
            "reasons": [str(reason) for reason in suggestion.severity_reasons],
        },
    }
