"""How an update was reviewed, as Markdown: who wrote and approved it, what it corrects, what stood against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.services.records.inert_markdown import inert

Json = Mapping[str, Any]
Name = Callable[[str], str]


def review_markdown(update: Json, name: Name) -> Iterable[str]:
    """One list, or nothing where there is nothing to tell. `name`: what a user is called."""
    lines = [
        *_writers(update, name),
        *(_approval(one, name) for one in update["approvals"]),
        *(_correction(one) for one in update["corrections"]),
        *(f"- Against it: “{inert(one['found'])}”: {inert(one['why'])}" for one in update["problems"]),
        *_changes(update, name),
    ]
    if lines:
        yield "### How it was reviewed"
        yield "\n".join(lines)


def _writers(update: Json, name: Name) -> Iterable[str]:
    if update["written_by"]:
        yield f"- Written or changed by {', '.join(inert(name(user)) for user in update['written_by'])}"


def _approval(one: Json, name: Name) -> str:
    stood_in = f", standing in as {one['standing_in']}" if one["standing_in"] else ""
    why = f", in spite of what stood against it: {inert(one['why'])}" if one["why"] else ""
    return f"- Approved for {one['role']} by {inert(name(one['by']))}{stood_in}, {one['at']}{why}"


def _correction(one: Json) -> str:
    now = f"now “{inert(one['now'])}”" if one["now"] else "which no longer held"
    what = "; the text says so" if one["stated"] else ""
    return (
        f"- {one['audience'].capitalize()} had been told “{inert(one['was'])}” in update {one['version']}, {now}{what}"
    )


def _changes(update: Json, name: Name) -> Iterable[str]:
    found = update["changes"]
    for one in found["lines"] if found else ():
        by = f" ({inert(name(one['by']))})" if one["by"] else ""
        was, now = inert(one["before"]) or "nothing", inert(one["after"]) or "nothing"
        yield f"- Since update {found['from']}: “{was}” became “{now}”{by}"
