"""Two versions of a text, sentence by sentence and word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from app.domain.status_update import Section

Sections = Mapping[str, Sequence[Mapping[str, Any]]]
_ALIKE = 0.4


class Fate(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Change:
    """One sentence that differs: `before` or `after` is empty where it was added or left out.

    `pieces`: its words in order, each with its fate. `by`: the person whose words are in `after`, empty for the
    drafter's, and where a sentence was left out.
    """

    section: Section
    before: str
    after: str
    pieces: Sequence[tuple[Fate, str]]
    by: str = ""


def changes(before: Sections, after: Sections) -> list[Change]:
    """What differs between two versions, in the order of the text."""
    return [
        change
        for section in Section
        for change in _in_section(section, before.get(section, ()), after.get(section, ()))
    ]


def _in_section(
    section: Section, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    matcher = SequenceMatcher(None, [one["text"] for one in before], [one["text"] for one in after], autojunk=False)
    for what, start, end, first, last in matcher.get_opcodes():
        if what == "equal":
            continue
        for old, new in zip_longest(before[start:end], after[first:last]):
            yield from _change(section, old, new)


def _change(section: Section, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[Change]:
    was, now = str(old["text"]) if old else "", str(new["text"]) if new else ""
    by = str(new.get("by") or "") if new else ""
    if was and now and SequenceMatcher(None, was.split(), now.split(), autojunk=False).ratio() < _ALIKE:
        yield Change(section, was, "", ((Fate.GONE, was),))
        was = ""
    yield Change(section, was, now, tuple(_pieces(was.split(), now.split())), by)


def _pieces(was: Sequence[str], now: Sequence[str]) -> Iterator[tuple[Fate, str]]:
    for what, start, end, first, last in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if what == "equal":
            yield Fate.KEPT, " ".join(was[start:end])
            continue
        if end > start:
            yield Fate.GONE, " ".join(was[start:end])
        if last > first:
            yield Fate.NEW, " ".join(now[first:last])
