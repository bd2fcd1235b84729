"""What changed between two versions, and the plain text that leaves the product."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.status_update import Audience, Section, StatusUpdate
from app.drafting.audiences.outgoing import outgoing_text
from app.drafting.grounding.differences import Change, Fate, changes


def lines(*texts: str, by: str = "") -> dict[str, list[dict[str, object]]]:
    return {Section.DOING: [{"text": text, "citations": [3]} | ({"by": by} if by else {}) for text in texts]}


def shown(found: list[Change]) -> list[str]:
    signs = {Fate.KEPT: "", Fate.GONE: "-", Fate.NEW: "+"}
    return [" | ".join(f"{signs[fate]}{text}" for fate, text in one.pieces) for one in found]


def test_a_changed_sentence_is_shown_by_its_words() -> None:
    (one,) = changes(
        lines("We called 14 customers today.", "Same."), lines("We called 41 customers.", "Same.", by="U1")
    )
    assert shown([one]) == ["We called | -14 customers today. | +41 customers."]
    assert (one.section, one.by) == (Section.DOING, "U1")


def test_a_sentence_added_left_out_or_replaced_stands_alone() -> None:
    assert shown(changes(lines("One two three."), lines())) == ["-One two three."]
    assert shown(changes(lines(), lines("One two three."))) == ["+One two three."]
    assert shown(changes(lines("The agent is off."), lines("Refunds went out by mail."))) == [
        "-The agent is off.",
        "+Refunds went out by mail.",
    ]
    assert changes(lines("Same."), lines("Same.", by="U2")) == []


def update(audience: Audience) -> StatusUpdate:
    return StatusUpdate(
        team="T1",
        incident_id=1,
        version=4,
        audience=audience,
        sections={
            "what_happened": [{"text": "41 customers\nwere hit.", "citations": [3, 5]}],
            "testing": [{"text": "The cache.", "citations": [4]}],
            "doing": [],
            "unknowns": [],
        },
        next_update_minutes=30,
        next_update_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        published_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        drafted_by="U1",
        drafted_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_customers_get_words_alone_and_a_regulator_the_records_references() -> None:
    assert outgoing_text("INC-7", update(Audience.CUSTOMERS)) == (
        "What we know (23 Nov 2026, 09:30 UTC)\n\n"
        "What happened\n- 41 customers were hit.\n\nNext update: 23 Nov 2026, 10:00 UTC"
    )
    assert outgoing_text("INC-7", update(Audience.REGULATOR)) == (
        "INC-7 · What we know, update 4 (23 Nov 2026, 09:30 UTC)\n\n"
        "Facts\n- 41 customers were hit. [INC-7/3, INC-7/5]\n\nExamined\n- The cache. [INC-7/4]\n\n"
        "Next update: 23 Nov 2026, 10:00 UTC"
    )
