"""An update as plain text that can be pasted anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.status_update import Audience, Section, StatusUpdate
from app.drafting.audiences.audiences import SHAPES


def outgoing_text(key: str, update: StatusUpdate) -> str:
    """The update's parts under their titles, a sentence a line, and the next promise.

    The incident's key and the ids of entries are told to everybody but customers. Parts without a sentence are left
    out, and so are those that the audience does not get.
    """
    inside = update.audience is not Audience.CUSTOMERS
    head = f"{key} · What we know, update {update.version}" if inside else "What we know"
    parts = [f"{head}{_at(update.published_at)}"]
    for section, title in SHAPES[update.audience].parts:
        lines = [_line(line, key if inside else "") for line in update.sections.get(Section(section), [])]
        if lines:
            parts.append("\n".join([title, *lines]))
    if update.next_update_at is not None:
        parts.append(f"Next update: {_time(update.next_update_at)}")
    return "\n\n".join(parts)


def _line(line: Mapping[str, Any], key: str) -> str:
    cited = ", ".join(f"{key}/{number}" for number in line["citations"]) if key else ""
    return f"- {' '.join(str(line['text']).split())}" + (f" [{cited}]" if cited else "")


def _at(at: datetime | None) -> str:
    return f" ({_time(at)})" if at is not None else ""


def _time(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M} UTC"
