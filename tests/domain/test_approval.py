"""Who has to approve an update and who may: a table of who holds what, who wrote, who gave."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.approval import NEEDED, Why, missing, needs_of, to_give
from app.domain.roles import Role
from app.domain.status_update import Audience, StatusUpdate

COMMANDER, COMMS, LEGAL, TECH = Role.COMMANDER, Role.COMMS, Role.LEGAL, Role.TECH
EVERYBODY = {COMMANDER: "UBEN", COMMS: "UCLEO", LEGAL: "UELI", TECH: "UTOM"}


def update(audience: Audience, wrote: str = "", given: dict[Role, str] | None = None) -> StatusUpdate:
    return StatusUpdate(
        team="T1",
        incident_id=1,
        version=1,
        audience=audience,
        sections={},
        next_update_minutes=30,
        drafted_by="UCLEO",
        drafted_at=datetime(2026, 11, 23, tzinfo=UTC),
        written_by=wrote.split(),
        approvals=[{"role": role.value, "by": user, "standing_in": None} for role, user in (given or {}).items()],
    )


def may(given: StatusUpdate, holders: dict[Role, str]) -> dict[Role, tuple[Why, set[str]]]:
    return {need.role: (need.why, set(need.asked)) for need in missing(given, holders)}


def test_every_audience_says_whose_approval_it_takes_and_what_goes_outside_takes_legal() -> None:
    assert set(NEEDED) == set(Audience)
    assert {one for one in Audience if LEGAL in NEEDED[one]} == {Audience.CUSTOMERS, Audience.REGULATOR}


@pytest.mark.parametrize(
    ("wrote", "holders", "why", "people"),
    [
        # What the drafter wrote is approved by the comms lead alone, whoever submitted it.
        ("", EVERYBODY, Why.HOLDER, {"UCLEO"}),
        ("", {COMMS: "UCLEO"}, Why.HOLDER, {"UCLEO"}),
        ("UBEN", EVERYBODY, Why.HOLDER, {"UCLEO"}),
        # Vacant: the commander stands in.
        ("", {COMMANDER: "UBEN", TECH: "UTOM"}, Why.VACANT, {"UBEN"}),
        ("", {TECH: "UTOM"}, Why.UNFILLED, set()),
        # Nobody approves alone what they wrote alone.
        ("UCLEO", EVERYBODY, Why.WROTE, {"UBEN", "UELI", "UTOM"}),
        ("UBEN", {COMMANDER: "UBEN", TECH: "UTOM"}, Why.WROTE, {"UTOM"}),
        ("UCLEO", {COMMANDER: "UCLEO", COMMS: "UCLEO"}, Why.NOBODY, set()),
        # Two who wrote it together are two.
        ("UCLEO UBEN", EVERYBODY, Why.HOLDER, {"UCLEO"}),
    ],
)
def test_who_approves_for_responders(wrote: str, holders: dict[Role, str], why: Why, people: set[str]) -> None:
    assert may(update(Audience.RESPONDERS, wrote), holders) == {COMMS: (why, people)}


@pytest.mark.parametrize(
    ("given", "holders", "left"),
    [
        ({}, EVERYBODY, {COMMS: (Why.HOLDER, {"UCLEO"}), LEGAL: (Why.HOLDER, {"UELI"})}),
        ({LEGAL: "UELI"}, EVERYBODY, {COMMS: (Why.HOLDER, {"UCLEO"})}),
        ({COMMS: "UCLEO"}, {COMMANDER: "UBEN", COMMS: "UCLEO"}, {LEGAL: (Why.VACANT, {"UBEN"})}),
        # One person is never both of two.
        ({COMMS: "UBEN"}, {COMMANDER: "UBEN", TECH: "UTOM"}, {LEGAL: (Why.GAVE, {"UTOM"})}),
        ({COMMS: "UBEN"}, {COMMANDER: "UBEN"}, {LEGAL: (Why.NOBODY, set())}),
        ({COMMS: "UCLEO", LEGAL: "UELI"}, EVERYBODY, {}),
    ],
)
def test_what_goes_outside_takes_two_people_in_any_order(
    given: dict[Role, str], holders: dict[Role, str], left: dict[Role, tuple[Why, set[str]]]
) -> None:
    for audience in (Audience.CUSTOMERS, Audience.REGULATOR):
        # With a second approval, whoever wrote the text does not approve it alone.
        assert may(update(audience, "UCLEO", given), holders) == left


def test_somebody_with_two_roles_gives_the_approval_of_their_own_first() -> None:
    found = to_give("UELI", update(Audience.CUSTOMERS), {COMMANDER: "UELI", LEGAL: "UELI"})
    assert found is not None
    assert (found.role, found.why) == (LEGAL, Why.HOLDER)
    assert to_give("UANA", update(Audience.CUSTOMERS), EVERYBODY) is None


def test_what_was_given_is_told_with_who_stood_in() -> None:
    done = update(Audience.LEADERSHIP)
    done.approvals = [{"role": "comms", "by": "UBEN", "standing_in": "commander"}]
    (need,) = needs_of(done, EVERYBODY)
    assert (need.by, need.standing_in) == ("UBEN", COMMANDER)
    assert missing(done, EVERYBODY) == []
