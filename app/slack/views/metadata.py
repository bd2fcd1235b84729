"""What a form remembers between opening and sending: a small JSON object in its private metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

PRIVATE_METADATA_MAX = 3000


def packed(**values: Any) -> str:
    """The values as private metadata; None values are left out. Raises ValueError beyond Slack's limit."""
    given = {name: value for name, value in values.items() if value is not None}
    text = json.dumps(given, separators=(",", ":"), ensure_ascii=False)
    if len(text) > PRIVATE_METADATA_MAX:
        raise ValueError(f"private metadata of {len(text)} characters")
    return text


def unpacked(view: Mapping[str, Any]) -> dict[str, Any]:
    """What `packed` put into the view; empty where there is nothing."""
    text = view.get("private_metadata") or ""
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def opened_from(view: dict[str, Any], channel: str | None) -> dict[str, Any]:
    """The modal, remembering the channel it was opened from: that proves who may see a restricted incident."""
    if view.get("type") != "modal" or channel is None:
        return view
    return view | {"private_metadata": packed(**(unpacked(view) | {"from": channel}))}
