"""How records are printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.commands.output import say


def say_json(document: Mapping[str, Any]) -> None:
    """Write a document as indented JSON, in UTF-8 as it is."""
    say(json.dumps(document, indent=2, ensure_ascii=False))
