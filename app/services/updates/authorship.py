"""Who wrote which line of an update: the drafter, or the people who changed what it had written.

The form remembers a short mark of every line that it was filled with, so that what comes back can be told apart: a line
that is still as the drafter wrote it is the drafter's, any other its sender's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.domain.status_update import Section, StatusUpdate
from app.domain.visible_text import has_something_visible
from app.services.updates.form import Line, form_text

MARK_LENGTH = 6
MARKS_MAX = 250
_BULLET = re.compile(r"\A\s*(?:[-*•‣–]\s+)+")


@dataclass(frozen=True)
class Source:
    """What a text was made from: the marks of the drafter's lines, or an `earlier` version of the update."""

    marks: str = ""
    earlier: StatusUpdate | None = None


def marks_of(texts: Mapping[Section, str]) -> str:
    """The marks of every line of a form, one after the other; of very long forms those of the first lines alone."""
    return "".join(_marks(texts)[:MARKS_MAX])


def unchanged(texts: Mapping[Section, str], marks: str) -> bool:
    """True when the form came back as it was filled."""
    return marks_of(texts) == marks


def signed(
    texts: Mapping[Section, str], sections: Mapping[str, Sequence[Line]], source: Source, sender: str
) -> tuple[dict[str, list[Line]], list[str]]:
    """`sections`, parsed from `texts`, with `by` on every line that a person wrote; and everybody who wrote, in order.

    Leaving lines out is writing too. A text that came back unchanged has the writers that it had.
    """
    if source.earlier is not None:
        return _edited(texts, sections, source.earlier, sender)
    known = {source.marks[at : at + MARK_LENGTH] for at in range(0, len(source.marks), MARK_LENGTH)}
    kept = _with_writers(texts, sections, dict.fromkeys(known, ""), sender)
    if source.marks and unchanged(texts, source.marks):
        return kept, []
    return kept, list(dict.fromkeys([*_writers(kept), sender]))


def _edited(
    texts: Mapping[Section, str], sections: Mapping[str, Sequence[Line]], earlier: StatusUpdate, sender: str
) -> tuple[dict[str, list[Line]], list[str]]:
    before = form_text(earlier)
    lines = [line for section in Section for line in earlier.sections.get(section, [])]
    writers = {mark: str(line.get("by") or "") for mark, line in zip(_marks(before), lines, strict=False)}
    kept = _with_writers(texts, sections, writers, sender)
    if marks_of(before) == marks_of(texts):
        return kept, list(earlier.written_by)
    return kept, list(dict.fromkeys([*_writers(kept), sender]))


def _with_writers(
    texts: Mapping[Section, str], sections: Mapping[str, Sequence[Line]], writers: Mapping[str, str], sender: str
) -> dict[str, list[Line]]:
    marks = iter(_marks(texts))
    return {
        section.value: [_by(line, writers.get(next(marks), sender)) for line in sections.get(section, ())]
        for section in Section
    }


def _by(line: Line, writer: str) -> Line:
    bare = {name: value for name, value in line.items() if name != "by"}
    return bare | {"by": writer} if writer else bare


def _writers(sections: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    return [str(line["by"]) for lines in sections.values() for line in lines if line.get("by")]


def _marks(texts: Mapping[Section, str]) -> list[str]:
    return [
        _mark(section, line)
        for section in Section
        for line in texts.get(section, "").splitlines()
        if has_something_visible(line)
    ]


def _mark(section: Section, line: str) -> str:
    words = " ".join(_BULLET.sub("", line).split())
    return sha256(f"{section.value}\n{words}".encode()).hexdigest()[:MARK_LENGTH]
