"""Whatever is declared is on record at once, in the declarer's own words."""

from __future__ import annotations

import asyncio

import pytest

from app.domain.errors import Invalid
from app.domain.incident import Archetype, Kind, Severity, Status, SystemType
from app.domain.timeline import Mark, Origin
from app.services.declare import Declaration
from tests.services.response import ANA, BEN, Response


async def test_the_record_begins_with_the_declaration(response: Response) -> None:
    declaration = Declaration(
        "  Agent\ndeletes   orders ",
        Severity.SEV1,
        summary="Orders of 14 customers are gone.",
        archetype=Archetype.AGENTIC_MISALIGNMENT,
        system_type=SystemType.AGENT,
        system="concierge",
    )
    incident = await response.declare.submit(ANA, declaration)
    assert (incident.key, incident.title, incident.status) == ("INC-1", "Agent deletes orders", Status.INVESTIGATING)
    assert (incident.declared_by, incident.declared_at) == ("U1", response.clock.now())
    told = [(one.author, one.origin, one.mark, one.text) for one in await response.entries(incident)]
    assert told == [
        ("U1", Origin.PERSON, Mark.MILESTONE, "Declared this incident as SEV1: Agent deletes orders"),
        ("U1", Origin.PERSON, Mark.OBSERVATION, "Orders of 14 customers are gone."),
    ]
    assert not response.chat.calls


async def test_incidents_declared_at_once_get_different_numbers(response: Response) -> None:
    declared = await asyncio.gather(
        *(response.declare.submit(ANA, Declaration(f"Leak {number}", Severity.SEV3)) for number in range(8))
    )
    assert sorted(incident.number for incident in declared) == list(range(1, 9))


@pytest.mark.parametrize("title", ["", "   ", "\u200b\u200d\u2060", "\u202e", "\u3164"])
async def test_a_title_without_anything_to_see_is_refused(response: Response, title: str) -> None:
    with pytest.raises(Invalid, match="Give the incident a title") as refused:
        await response.declare.submit(ANA, Declaration(title, Severity.SEV2))
    assert refused.value.field == "title"


async def test_a_title_of_three_hundred_characters_is_refused_with_what_to_do(response: Response) -> None:
    with pytest.raises(Invalid, match="300 characters; at most 200 fit"):
        await response.declare.submit(ANA, Declaration("x" * 300, Severity.SEV2))
    assert not await response.board.open_incidents(ANA)


async def test_a_title_of_emoji_is_fine(response: Response) -> None:
    incident = await response.declared("🔥🤖")
    assert (incident.title, incident.channel_name) == ("🔥🤖", "inc-1-20261123")


async def test_a_title_cannot_act_in_the_topic(response: Response) -> None:
    incident = await response.declared("<!channel> pay & *run*")
    assert "<!channel>" not in response.room(incident).topic
    assert len(response.room(incident).topic) <= 250


async def test_the_longest_title_fits_into_topic_and_purpose(response: Response) -> None:
    incident = await response.declared("&" * 200, summary="<" * 5000)
    assert len(response.room(incident).topic) <= 250
    assert len(response.room(incident).purpose) <= 250


async def test_nobody_declares_an_import(response: Response) -> None:
    with pytest.raises(Invalid, match="come from an export"):
        await response.declare.submit(ANA, Declaration("Leak", Severity.SEV2, kind=Kind.IMPORTED))


async def test_workspaces_count_for_themselves(response: Response) -> None:
    await response.declared()
    elsewhere = await response.declare.submit(type(BEN)("T2", "U2"), Declaration("Leak", Severity.SEV2))
    assert elsewhere.key == "INC-1"
