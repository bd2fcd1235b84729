"""The register as it stands: the operator's file, and what people changed on top of it, on record."""

from __future__ import annotations

import pytest

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.incident import SystemType, Visibility
from app.domain.register import RegisterFile, System
from app.knowledge.register_file import parse_register
from app.services.actor import Actor
from app.services.register import SystemRegister, key_for
from tests.services.response import ANA, BEN, Response

FILE = """
systems:
  - {key: support-bot, name: Support bot, system_type: generative, prompt_version: v1, model_version: '1.0'}
"""
ADDED = {"name": "Fraud score", "system_type": "predictive", "owner_team": "Risk"}


def register(response: Response, file: str = FILE) -> SystemRegister:
    return SystemRegister(response.store, response.clock, parse_register(file))


async def test_a_system_that_somebody_adds_stands_beside_those_of_the_file_and_in_its_own_workspace_alone(
    response: Response,
) -> None:
    systems = register(response)
    await systems.save(ANA, ADDED)

    assert [one.key for one in await systems.entries(ANA)] == ["fraud-score", "support-bot"]
    assert [one.key for one in await systems.entries(ANA, "risk PREDICTIVE")] == ["fraud-score"]
    assert [one.key for one in await systems.entries(Actor("T2", "U1"))] == ["support-bot"]
    sheet = await systems.sheet(ANA, "fraud-score")
    assert not sheet.standing.in_file
    assert [(one.by, one.before, one.after["owner_team"]) for one in sheet.changes] == [("U1", {}, "Risk")]


async def test_a_file_of_one_workspace_is_not_another_ones(response: Response) -> None:
    systems = register(response, "workspaces: [T1]" + FILE)
    assert [one.key for one in await systems.entries(ANA)] == ["support-bot"]
    assert await systems.entries(Actor("T2", "U1")) == []


async def test_a_change_covers_its_own_field_alone_and_the_file_goes_on_giving_the_others(response: Response) -> None:
    await register(response).save(ANA, {"prompt_version": "v2"}, key="support-bot")

    later = register(response, FILE.replace("'1.0'", "'2.0'"))
    found = (await later.sheet(ANA, "support-bot")).standing
    assert (found.system.prompt_version, found.system.model_version) == ("v2", "2.0")
    assert (found.changed, found.file_changed) == (("prompt_version",), ())


async def test_a_file_that_changed_what_people_changed_is_noticed_until_somebody_settles_it(response: Response) -> None:
    await register(response).save(ANA, {"prompt_version": "v2"}, key="support-bot")
    later = register(response, FILE.replace("v1", "v3"))

    found = (await later.sheet(ANA, "support-bot")).standing
    assert (found.system.prompt_version, found.file_changed) == ("v2", ("prompt_version",))

    await later.save(BEN, {"prompt_version": "v3"}, key="support-bot")
    found = (await later.sheet(ANA, "support-bot")).standing
    assert (found.system.prompt_version, found.changed, found.file_changed) == ("v3", (), ())
    newest = (await later.sheet(ANA, "support-bot")).changes[0]
    assert (newest.by, newest.before, newest.after) == ("U2", {"prompt_version": "v2"}, {"prompt_version": "v3"})


async def test_switches_come_from_the_file_and_from_nowhere_else(response: Response) -> None:
    switch = {"key": "x", "kind": "revoke_agent", "name": "x", "what_happens": "x", "affects": "x", "how_to_undo": "x"}
    bare = register(response, "")
    await bare.save(ANA, {"name": "Support bot", "system_type": "agent", "switches": [switch]})
    assert (await bare.entries(ANA))[0].switches == ()

    system = System.model_validate({"key": "support-bot", "name": "B", "system_type": "agent", "switches": [switch]})
    filed = SystemRegister(response.store, response.clock, RegisterFile(systems=(system,)))
    (found,) = await filed.entries(ANA)
    assert (found.name, len(found.switches)) == ("Support bot", 1)
    await filed.save(ANA, {"owner_team": "Care"}, key="support-bot")
    assert len((await filed.entries(ANA))[0].switches) == 1
    assert (await bare.entries(ANA))[0].switches == ()


async def test_adding_during_an_incident_makes_it_one_of_that_system_and_says_so_on_the_timeline(
    response: Response,
) -> None:
    systems = register(response)
    incident = await response.declared(system="the fraud thing")
    await systems.save(BEN, ADDED, incident_key=incident.key)

    now = await response.now(incident)
    assert (now.system, now.system_type) == ("fraud-score", SystemType.PREDICTIVE)
    assert any("it was not in it" in one.text for one in await response.entries(incident))
    assert [one.key for one in (await systems.sheet(ANA, "fraud-score")).incidents] == [incident.key]


async def test_a_restricted_incident_shows_on_its_system_only_to_those_who_may_see_it(response: Response) -> None:
    systems = register(response)
    await response.declared(system="support-bot", visibility=Visibility.RESTRICTED)
    assert len((await systems.sheet(ANA, "support-bot")).incidents) == 1
    assert (await systems.sheet(BEN, "support-bot")).incidents == []
    with pytest.raises(NotFound):
        await systems.name(BEN, "INC-1", "support-bot")


async def test_what_cannot_be_kept_is_refused_at_its_field(response: Response) -> None:
    systems = register(response)
    for given, key, field in (
        ({"name": "Support bot", "system_type": "agent"}, None, "key"),
        ({"name": "💥", "system_type": "agent"}, None, "key"),
        ({"name": "x", "system_type": "robot"}, None, "system_type"),
        ({"owners": ["ada"]}, "support-bot", "owners"),
        ({"name": ""}, "support-bot", "name"),
        ({}, "support-bot", None),
    ):
        with pytest.raises((Invalid, Conflict)) as refused:
            await systems.save(ANA, given, key=key)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        await systems.save(ANA, {"name": "x"}, key="nobody")
    assert [one.key for one in await systems.entries(ANA)] == ["support-bot"]


def test_a_key_is_made_from_a_name() -> None:
    assert key_for("Support bot (EU)") == "support-bot-eu"
    assert key_for("  Übersetzer ") == "ubersetzer"
