"""Finding incidents by key without being in a workspace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.incident import Incident, Severity
from app.ports.store import Store
from app.services.records.catalogue import Catalogue

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


async def declared(store: Store, team: str, *, minutes: int = 0) -> Incident:
    async with store.write() as uow:
        number = await uow.incidents.next_number(team)
        incident = Incident(
            team=team,
            number=number,
            title=f"{team} {number}",
            severity=Severity.SEV2,
            declared_at=NOON + timedelta(minutes=minutes),
            declared_by="U1",
        )
        await uow.add(incident)
    return incident


async def test_a_key_is_found_whatever_its_case(store: Store) -> None:
    await declared(store, "T1")
    assert (await Catalogue(store).find(" inc-1 ")).title == "T1 1"


async def test_an_unknown_key_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="INC-9"):
        await Catalogue(store).find("INC-9")


@pytest.mark.parametrize("text", ["", "42", "INC", "INC-", "INC-x", "INC-²", "T1/"])
async def test_what_is_no_key_is_told_what_keys_look_like(store: Store, text: str) -> None:
    with pytest.raises(Invalid, match="INC-42"):
        await Catalogue(store).find(text)


async def test_a_connected_workspace_goes_before_what_was_imported_without_one(store: Store) -> None:
    await declared(store, "local")
    await declared(store, "T1")
    assert (await Catalogue(store).find("INC-1")).team == "T1"
    assert (await Catalogue(store).find("local/INC-1")).team == "local"


async def test_a_key_of_two_workspaces_asks_which(store: Store) -> None:
    await declared(store, "T1")
    await declared(store, "T2")
    with pytest.raises(Conflict, match="T1/INC-1 or T2/INC-1"):
        await Catalogue(store).find("INC-1")
    assert (await Catalogue(store).find("T2/inc-1")).team == "T2"


async def test_the_newest_come_first_across_workspaces(store: Store) -> None:
    await declared(store, "T1", minutes=1)
    await declared(store, "T2", minutes=3)
    await declared(store, "T1", minutes=2)
    assert [one.title for one in await Catalogue(store).newest(2)] == ["T2 1", "T1 2"]


async def test_an_import_goes_to_the_only_workspace_else_to_a_local_one(store: Store) -> None:
    assert await Catalogue(store).home_team() == "local"
    await declared(store, "local")
    assert await Catalogue(store).home_team() == "local"
    await declared(store, "T1")
    assert await Catalogue(store).home_team() == "T1"
    await declared(store, "T2")
    assert await Catalogue(store).home_team() == "local"
