"""Whose words an update has, line by line."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.status_update import Section, StatusUpdate
from app.services.updates.authorship import Source, marks_of, signed, unchanged
from app.services.updates.form import parse_form

DRAFTED = {
    Section.WHAT_HAPPENED: "412 orders were deleted. [1]\nIt began at 08:12 UTC. [2]",
    Section.TESTING: "",
    Section.DOING: "We stopped the agent. [3]",
    Section.UNKNOWNS: "",
}
KNOWN = {1, 2, 3}


def sent(texts: dict[Section, str], source: Source, sender: str) -> StatusUpdate:
    sections, writers = signed(texts, parse_form(texts, KNOWN), source, sender)
    return StatusUpdate(
        team="T1",
        incident_id=1,
        version=1,
        sections=sections,
        next_update_minutes=30,
        drafted_by=sender,
        drafted_at=datetime(2026, 11, 23, tzinfo=UTC),
        written_by=writers,
    )


def by(update: StatusUpdate) -> list[str]:
    return [str(line.get("by", "")) for section in Section for line in update.sections[section.value]]


def test_a_text_that_comes_back_as_it_was_drafted_is_the_drafters() -> None:
    source = Source(marks=marks_of(DRAFTED))
    update = sent({**DRAFTED, Section.DOING: "  - We stopped  the agent. [3]\n\n"}, source, "UADA")
    assert (update.written_by, by(update)) == ([], ["", "", ""])
    assert unchanged(DRAFTED, source.marks)


def test_a_changed_line_is_its_senders_and_leaving_one_out_is_writing_too() -> None:
    source = Source(marks=marks_of(DRAFTED))
    changed = sent({**DRAFTED, Section.DOING: "We revoked the agent's permission. [3]"}, source, "UADA")
    assert (changed.written_by, by(changed)) == (["UADA"], ["", "", "UADA"])
    shorter = sent({**DRAFTED, Section.DOING: ""}, source, "UADA")
    assert (shorter.written_by, by(shorter)) == (["UADA"], ["", ""])


def test_who_edits_joins_those_who_wrote_what_is_left() -> None:
    first = sent({**DRAFTED, Section.DOING: "We revoked it. [3]"}, Source(marks=marks_of(DRAFTED)), "UADA")
    text = {**DRAFTED, Section.DOING: "We revoked it. [3]"}
    assert sent(text, Source(earlier=first), "UBEN").written_by == ["UADA"]
    both = sent({**text, Section.TESTING: "Whether it stays so."}, Source(earlier=first), "UBEN")
    assert (both.written_by, by(both)) == (["UBEN", "UADA"], ["", "", "UBEN", "UADA"])


def test_without_a_drafter_all_of_it_is_the_senders() -> None:
    assert sent(DRAFTED, Source(), "UADA").written_by == ["UADA"]
