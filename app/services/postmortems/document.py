"""A postmortem as a document: what stands in it and in which order, for every form it is printed in.

All texts are plain: mentions by name, nothing hidden, nothing that acts. Whoever prints them escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.domain.postmortem import PART_TITLES
from app.drafting.reading.characters import without_hidden
from app.services.postmortems.details import beside
from app.services.records.inert_markdown import spoken

Json = Mapping[str, Any]
Names = Mapping[str, str]
NOTHING = "Nothing is recorded here."
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+")


@dataclass(frozen=True)
class Cited:
    """A sentence and the numbers of the entries it rests on; `by_hand` when a person wrote it without a source."""

    text: str
    numbers: Sequence[int] = ()
    by_hand: bool = False


@dataclass(frozen=True)
class Evidence:
    """Lines under a title of their own; `fenced` ones are shown verbatim."""

    title: str
    lines: Sequence[Cited]
    fenced: bool = False


@dataclass(frozen=True)
class Chapter:
    """One of the six parts."""

    title: str
    sentences: Sequence[Cited]
    evidence: Sequence[Evidence]


@dataclass(frozen=True)
class Entry:
    """A timeline entry that is cited; `address` None where it was no message."""

    number: int
    at: str
    who: str
    text: str
    address: str | None


@dataclass(frozen=True)
class Document:
    """The whole. `facts` and `standing` tell of the incident and the review; `follow_ups` are rows of five cells."""

    title: str
    facts: Sequence[tuple[str, str]]
    standing: Sequence[str]
    chapters: Sequence[Chapter]
    follow_ups: Sequence[Sequence[str]]
    entries: Sequence[Entry]
    record: Json = field(default_factory=dict)

    @property
    def addresses(self) -> Mapping[int, str]:
        """Where the entries cited can be read."""
        return {one.number: one.address for one in self.entries if one.address}


FOLLOW_UP_HEAD = ("Follow-up", "Owner", "Due", "State", "Layer")


def document_of(record: Json, names: Names) -> Document:
    """The record's postmortem; `names` are display names by user ID."""
    postmortem = record["postmortem"]
    chapters = [] if postmortem is None else [_chapter(record, part, names) for part in PART_TITLES]
    cited = {number for chapter in chapters for line in _lines(chapter) for number in line.numbers}
    return Document(
        title=f"Postmortem of {record['key']}: {_one_line(record['title'])}",
        facts=list(_facts(record, names)),
        standing=["There is no postmortem yet."] if postmortem is None else list(_standing(postmortem, names)),
        chapters=chapters,
        follow_ups=[_follow_up(one, names) for one in record["follow_ups"]],
        entries=[_entry(one, names) for one in record["timeline"] if one["id"] in cited],
        record=record,
    )


def _chapter(record: Json, part: str, names: Names) -> Chapter:
    postmortem = record["postmortem"]
    blocks = (postmortem.get("details") or {}).get(part, [])
    sentences = beside(postmortem["sections"].get(part, []), blocks)
    evidence = [
        Evidence(
            block["title"], [_cited(one, names, verbatim=block["fenced"]) for one in block["lines"]], block["fenced"]
        )
        for block in blocks
    ]
    title = next(title for one, title in PART_TITLES.items() if one == part)
    return Chapter(title, [_cited(one, names) for one in sentences], evidence)


def _lines(chapter: Chapter) -> Iterable[Cited]:
    yield from chapter.sentences
    for block in chapter.evidence:
        yield from block.lines


def _cited(line: Json, names: Names, *, verbatim: bool = False) -> Cited:
    text = spoken(line["text"], names)
    return Cited(text if verbatim else _one_line(text), tuple(line["citations"]), bool(line.get("by_hand")))


def _facts(record: Json, names: Names) -> Iterable[tuple[str, str]]:
    commander = next((one["user"] for one in reversed(record["roles"]) if one["role"] == "commander"), None)
    yield "Status", record["status"]
    yield "Severity", record["severity"].upper()
    yield "Archetype", record["archetype"].replace("_", " ")
    yield "System type", record["system_type"] or "not known"
    yield "System", _one_line(record["system"] or "") or "not named"
    yield "Kind", f"{record['kind']}, {record['visibility']}"
    yield "Declared", f"{moment(record['declared_at'])} by {_who(record['declared_by'], names)}"
    yield "Commander", _who(commander, names) if commander else "none"
    if record["summary"]:
        yield "Summary", _one_line(spoken(record["summary"], names))


def _standing(postmortem: Json, names: Names) -> Iterable[str]:
    yield f"Version {postmortem['version']}, {postmortem['status'].replace('_', ' ')}."
    if postmortem.get("completed_at"):
        why = f": {_one_line(postmortem['reason'])}" if postmortem["reason"] else "."
        yield f"Completed {moment(postmortem['completed_at'])} by {_who(postmortem['completed_by'], names)}{why}"
    elif postmortem.get("due_at"):
        yield f"{_who(postmortem['owner'], names)} sees to it; due {moment(postmortem['due_at'])}."
    for one in postmortem.get("reviewers") or ():
        said = {
            "waiting": "has not answered",
            "reviewed": f"has reviewed version {one['version']}",
            "changes": f"asks for changes to version {one['version']}",
        }[one["answer"]]
        comment = f": {_one_line(one['comment'])}" if one["comment"] else "."
        yield f"{_who(one['user'], names)} {said}{comment}"


def _follow_up(one: Json, names: Names) -> Sequence[str]:
    due = f"{date.fromisoformat(one['due_on']):%Y-%m-%d}" if one["due_on"] else "no date"
    state = one["state"] + (f": {_one_line(one['reason'])}" if one["reason"] else "")
    owner = _who(one["owner"], names) if one["owner"] else "nobody yet"
    return (f"{one['number']}. {_one_line(one['title'])}", owner, due, state, one["layer"] or "")


def _entry(one: Json, names: Names) -> Entry:
    address = one["permalink"]
    safe = address if address is not None and _ADDRESS.fullmatch(address) else None
    words = _one_line(spoken(one["text"], names)) or "no words"
    return Entry(one["id"], moment(one["at"]), _who(one["author"], names), words, safe)


def moment(value: str) -> str:
    """An exported instant as people read it, in UTC."""
    return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M} UTC"


def _who(user: str, names: Names) -> str:
    return _one_line(names.get(user, user))


def _one_line(text: str) -> str:
    return " / ".join(line.strip() for line in without_hidden(text).splitlines() if line.strip())
