"""What was published, against a new text and the record as it now stands."""

from __future__ import annotations

import pytest

from app.domain.status_update import Audience, Section
from app.domain.timeline import Mark
from app.drafting.grounding.consistency import Difference, Kind, Told, correction, differences, stated
from app.drafting.reading.situation import understand
from app.ports.drafter import Sentence
from tests.drafting.evidences import Said, evidence, said

R = Audience.RESPONDERS


def told(text: str, *citations: int, audience: Audience = R, part: Section = Section.WHAT_HAPPENED) -> Told:
    return Told(audience, 1, part, Sentence(text, citations))


def found(new: str, cited: tuple[int, ...], published: list[Told], *lines: Said) -> list[Difference]:
    sections = {Section.WHAT_HAPPENED: [Sentence(new, cited)]} if new else {}
    return differences(sections, published, understand(evidence(*lines)))


FOURTEEN = told("So far 14 customers lost standing orders.", 1)
LOST = said("So far 14 customers lost standing orders.")


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        # The record corrects it, whether the new text says so or not.
        ("The agent is stopped.", [LOST, said("Correction: 41 customers, not 14. I missed a line.")]),
        ("41 customers lost standing orders.", [LOST, said("Correction: 41 customers, not 14.")]),
        # A later count of the same.
        ("41 customers lost standing orders.", [LOST, said("41 customers lost standing orders", by="tom")]),
        # The message itself was edited.
        ("", [said("So far 41 customers lost standing orders.", earlier=(LOST.text,)), said("ok")]),
        # Corrected twice: only the last one counts.
        ("", [LOST, said("Correction: 37 customers, not 14."), said("Correction: 41 customers, not 37.", by="mira")]),
    ],
)
def test_a_changed_number_is_found_and_stated(new: str, lines: list[Said]) -> None:
    (one,) = found(new, (len(lines),), [FOURTEEN], *lines)
    assert (one.kind, one.was, one.now) == (Kind.NUMBER, "14 customers", "41")
    assert correction(one).text == "Correction: earlier we said 14 customers; it is 41."
    assert stated(one, [correction(one)])
    assert stated(one, [Sentence("Correction: 41 customers, not 14.", (2,))])
    assert not stated(one, [Sentence("41 customers lost standing orders.", (2,))])


@pytest.mark.parametrize(
    ("new", "published", "lines"),
    [
        ("14 customers lost standing orders.", FOURTEEN, [LOST, said("we are on it")]),
        ("12 calls came in about invoices.", FOURTEEN, [LOST, said("12 calls came in about invoices")]),
        ("12 customers wrote about an order.", FOURTEEN, [LOST, said("12 customers wrote about an order")]),
        ("21 of 27 are restored.", told("3 of 27 are restored.", 1), [said("3 of 27 are restored"), LOST]),
        ("It took 40 minutes.", told("It takes 20 minutes.", 1), [said("It takes 20 minutes"), LOST]),
        ("", told("How many? 14 customers?", 1, part=Section.UNKNOWNS), [LOST, said("Correction: 41 customers")]),
        ("", told("Correction: earlier we said 9 customers; it is 14.", 1), [LOST, said("ok")]),
    ],
)
def test_what_is_no_contradiction_is_left_alone(new: str, published: Told, lines: list[Said]) -> None:
    assert found(new, (2,), [published], *lines) == []


def test_another_audience_that_was_told_otherwise_is_named() -> None:
    customers = told("14 customers lost standing orders.", 1, audience=Audience.CUSTOMERS)
    (one,) = found("41 customers lost standing orders.", (2,), [customers], LOST, said("41 customers, not 14"))
    assert one.audience is Audience.CUSTOMERS


def test_a_claim_whose_message_is_gone_or_taken_back_is_withdrawn() -> None:
    gone = told("The deploy caused it.", 9)
    (one,) = found("", (), [gone], LOST)
    assert (one.kind, one.was, one.now, one.citations) == (Kind.WITHDRAWN, "The deploy caused it", "", (9,))
    assert correction(one).text == "Correction: earlier we said “The deploy caused it”; that no longer holds."

    lines = [
        said("Payment data was shown to other customers"),
        said("No, that was wrong: no payment data was shown", to=0),
    ]
    (one,) = found("", (), [told("Payment data was shown to other customers.", 1)], *lines)
    assert one.citations == (2,)
    assert "no payment data was shown" in correction(one).text
    assert "no payment" not in correction(one, reason=False).text


def test_a_suspicion_that_was_ruled_out_since_is_withdrawn_unless_it_was_told_as_ruled_out() -> None:
    guess = said("Looks like a prompt injection to me", by="tom", mark=Mark.HYPOTHESIS)
    out = said("Prompt injection is ruled out, that message was refused", by="ann", mark=Mark.RULED_OUT)
    suspected = told("Suspected, not confirmed: a prompt injection.", 1, part=Section.TESTING)
    (one,) = found("", (), [suspected], guess, out)
    assert one.citations == (2,)
    ruled_out = told("Ruled out: a prompt injection.", 1, 2, part=Section.TESTING)
    assert found("", (), [ruled_out], guess, out) == []
