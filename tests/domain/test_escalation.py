"""Who is asked first, and which roles an incident needs, follow from what is known of it."""

from __future__ import annotations

import pytest

from app.domain.escalation import Needs, candidates, roles_needed
from app.domain.incident import Archetype, Severity, SystemType
from app.domain.register import System
from app.domain.roles import Role


def system(key: str = "bot", **fields: object) -> System:
    return System.model_validate({"key": key, "name": key, "system_type": SystemType.AGENT, **fields})


def test_the_system_s_own_people_come_before_those_of_similar_incidents_and_of_neighbours() -> None:
    failing = system(on_call=("U0BEN",), owners=("U0ADA", "U0BEN"))
    beside = [("upstream", system("store", on_call=("U0DAN",)))]
    found = candidates(failing, beside, {"U0EVE": ["INC-1"], "U0ADA": ["INC-2"]}, there={"U0FAY"})
    assert [one.user for one in found] == ["U0BEN", "U0ADA", "U0EVE"]
    assert found[0].reasons == ("on call for bot", "owns bot")
    assert found[1].reasons == ("owns bot", "led INC-2, which was similar")
    assert [one.user for one in candidates(failing, beside, {}, there={"U0BEN", "U0ADA"})] == ["U0DAN"]


@pytest.mark.parametrize(
    ("archetype", "classes", "personal", "legal_at_once"),
    [
        (Archetype.DATA_EXFILTRATION, (), False, True),
        (Archetype.PROMPT_INJECTION, ("personal data",), False, True),
        (Archetype.PROMPT_INJECTION, ("weather",), False, False),
        (Archetype.OTHER, ("personal data",), False, False),
        (Archetype.OTHER, (), True, True),
    ],
)
def test_legal_is_needed_at_once_where_data_of_persons_is_involved(
    archetype: Archetype, classes: tuple[str, ...], personal: bool, legal_at_once: bool
) -> None:
    needs = Needs(archetype, Severity.SEV3, system(data_classes=classes), personal_data=personal)
    found = {one.role: one.at_once for one in roles_needed(needs, list(Role))}
    assert found.get(Role.LEGAL, False) is legal_at_once


def test_a_grave_incident_needs_every_role_and_filled_ones_are_not_asked_for() -> None:
    grave = Needs(Archetype.TOXICITY_ABUSE, Severity.SEV1, None)
    assert {one.role for one in roles_needed(grave, list(Role))} == set(Role)
    assert [one.role for one in roles_needed(grave, [Role.SCRIBE])] == [Role.SCRIBE]
    slight = Needs(Archetype.OTHER, Severity.SEV4, None)
    assert [one.role for one in roles_needed(slight, list(Role))] == [Role.COMMANDER]
