"""The text form of a What We Know: one sentence a line, its citations at the end as `[12]` or `[12, 15]`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.domain.draft_record import DraftRecord
from app.domain.errors import Invalid
from app.domain.status_update import SECTION_TITLES, Section, StatusUpdate
from app.domain.visible_text import has_something_visible
from app.ports.drafter import Draft, Sentence

Line = dict[str, Any]
QUOTED_MAX = 60
_CITED = re.compile(r"\s*\[\s*(\d{1,18}(?:\s*,\s*\d{1,18})*)\s*\]\s*\Z")
_BULLET = re.compile(r"\A\s*(?:[-*•‣–]\s+)+")


def parse_form(texts: Mapping[Section, str], known: Collection[int]) -> dict[str, list[Line]]:
    """The sections as they are stored; a line without a citation is kept as written `by_hand`.

    `known`: the ids of the incident's entries. Raises Invalid with the section as its field: a citation of no entry of
    this incident, citations without a sentence, or a form without a word.
    """
    sections = {
        section.value: parse_lines(texts.get(section, ""), SECTION_TITLES[section], section, known)
        for section in Section
    }
    if not any(sections.values()):
        raise Invalid("The update is empty. Write at least one sentence.", field=Section.WHAT_HAPPENED)
    return sections


def form_text(source: Draft | StatusUpdate | DraftRecord) -> dict[Section, str]:
    """Each section as the form shows it."""
    return {section: "\n".join(shown_line(line) for line in _lines(source, section)) for section in Section}


def lines_of(sentences: Sequence[Sentence]) -> list[Line]:
    """Sentences as they are stored."""
    return [
        {"text": one.text, "citations": list(one.citations)} | ({"by_hand": True} if one.by_hand else {})
        for one in sentences
    ]


def _lines(source: Draft | StatusUpdate | DraftRecord, section: Section) -> Sequence[Line]:
    if isinstance(source, StatusUpdate | DraftRecord):
        return source.sections.get(section, [])
    return lines_of(source.sections.get(section, ()))


def shown_line(line: Mapping[str, Any]) -> str:
    """A stored sentence as a form shows it, its citations at the end."""
    words = " ".join(_as_typed(line["text"]).split())
    numbers = ", ".join(str(number) for number in line["citations"])
    return f"{words} [{numbers}]" if numbers else words


def _as_typed(text: str) -> str:
    """Slack escapes three characters in messages; people read and write them plain."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def parse_lines(text: str, title: str, field: str, known: Collection[int]) -> list[Line]:
    """One sentence a line, as `parse_form` reads it; `title` and `field` are for what it raises."""
    return [_line(title, field, line, known) for line in text.splitlines() if has_something_visible(line)]


def _line(title: str, field: str, line: str, known: Collection[int]) -> Line:
    words = _BULLET.sub("", line).strip()
    citations: list[int] = []
    while (match := _CITED.search(words)) is not None:
        citations[:0] = [int(number) for number in match[1].split(",")]
        words = words[: match.start()]
    if not has_something_visible(words):
        raise Invalid(f"In “{title}”, {_quoted(line)} cites but says nothing.", field=field)
    for number in citations:
        if number not in known:
            raise Invalid(
                f"In “{title}”, the line {_quoted(words)} cites [{number}], which is no entry of "
                "this incident's timeline. Correct or remove the number.",
                field=field,
            )
    if not citations:
        return {"text": words, "citations": [], "by_hand": True}
    return {"text": words, "citations": list(dict.fromkeys(citations))}


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= QUOTED_MAX else f"“{line[: QUOTED_MAX - 1].rstrip()}…”"
