"""`redact`: copy text as a model would get it, with secrets and personal data taken out."""

from __future__ import annotations

import argparse
import json
import sys

from app.commands.output import say
from app.commands.text_lines import decoded, text_lines
from app.drafting.model.redaction import redact


def run(arguments: argparse.Namespace) -> int:
    """Redact standard input, or with `--jsonl` the `text` of each line. Raises Invalid for input that can't be read."""
    source = sys.stdin.buffer
    if arguments.jsonl:
        for given in text_lines(source):
            say(json.dumps({**given, "text": redact(given["text"]).text}, ensure_ascii=False))
    else:
        sys.stdout.write(redact(decoded(source.read(), "The input")).text)
        sys.stdout.flush()
    return 0
