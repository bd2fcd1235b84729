from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.domain.errors import Conflict
from app.domain.incident import Incident, Severity, Status, StatusChange
from app.domain.person import Person
from app.domain.roles import Role, RoleHolding
from app.store import SqlStore
from tests.store.records import NOW, declare


def holding(incident: Incident, user: str, role: Role = Role.SCRIBE) -> RoleHolding:
    assert incident.id is not None
    return RoleHolding(team=incident.team, incident_id=incident.id, role=role, user=user, from_at=NOW, given_by=user)


async def test_incidents_declared_at_once_are_numbered_without_gap_or_double(
    store: SqlStore, database_url: str
) -> None:
    other = SqlStore(database_url)
    declared = await asyncio.gather(
        *(declare(store if turn % 2 else other) for turn in range(20)), declare(store, team="T2")
    )
    await other.close()
    assert sorted(incident.number for incident in declared if incident.team == "T1") == list(range(1, 21))
    assert [incident.number for incident in declared if incident.team == "T2"] == [1]
    async with store.read() as uow:
        assert await uow.incidents.teams() == ["T1", "T2"]


async def test_a_number_given_out_in_vain_is_given_out_again(store: SqlStore) -> None:
    async def fail() -> None:
        async with store.write() as uow:
            assert await uow.incidents.next_number("T1") == 1
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await fail()
    assert (await declare(store)).number == 1


async def test_a_workspace_sees_nothing_of_another(store: SqlStore) -> None:
    """Keys and even channel and user ids may be the same in both."""
    ours = await declare(store, "T1", channel_id="C1", title="Ours")
    theirs = await declare(store, "T2", channel_id="C1", title="Theirs")
    async with store.write() as uow:
        await uow.add(holding(ours, "U1"))
        await uow.add(holding(theirs, "U1"))
        await uow.remember(Person(team="T1", user="U1", name="Ann"))
        await uow.remember(Person(team="T2", user="U1", name="Bob"))
    async with store.read() as uow:
        for team, title, name in (("T1", "Ours", "Ann"), ("T2", "Theirs", "Bob")):
            found = [
                await uow.incidents.by_key(team, "INC-1"),
                await uow.incidents.by_channel(team, "C1"),
                (await uow.incidents.by_channels(team, ["C1", "C2"]))["C1"],
                *await uow.incidents.open(team),
                *await uow.incidents.recent(team),
            ]
            assert [one.title for one in found if one is not None] == [title] * 5
            assert len(await uow.roles.incidents_of(team, "U1")) == 1
            assert [person.name for person in (await uow.people(team, ["U1", "U2"])).values()] == [name]
        assert await uow.incidents.by_key("T3", "INC-1") is None
        assert await uow.roles.incidents_of("T3", "U1") == frozenset()


@pytest.mark.parametrize("key", ["INC-2", "INC-99999999999999999999", "INC-", "1", "", "INC-\u0661"])
async def test_a_key_that_names_no_incident_finds_none(store: SqlStore, key: str) -> None:
    await declare(store)
    async with store.read() as uow:
        assert await uow.incidents.by_key("T1", key) is None


async def test_open_incidents_come_worst_first_then_newest(store: SqlStore) -> None:
    for severity in (Severity.SEV3, Severity.SEV1, Severity.SEV3, Severity.SEV1):
        await declare(store, severity=severity)
    for status in (Status.RESOLVED, Status.CLOSED, Status.DECLINED):
        await declare(store, severity=Severity.SEV1, status=status)
    async with store.read() as uow:
        assert [incident.number for incident in await uow.incidents.open("T1")] == [4, 2, 3, 1]
        assert [incident.number for incident in await uow.incidents.open("T1", limit=3)] == [4, 2, 3]
        assert [incident.number for incident in await uow.incidents.recent("T1", limit=2)] == [7, 6]


async def test_incidents_to_read_again_are_the_open_ones_with_a_channel_of_all_workspaces(store: SqlStore) -> None:
    await declare(store)
    open_one = await declare(store, channel_id="C1")
    over = await declare(store, channel_id="C2", status=Status.CLOSED)
    theirs = await declare(store, "T2", channel_id="C1")
    async with store.read() as uow:
        assert [one.id for one in await uow.incidents.with_channel()] == [open_one.id, theirs.id]
        every = await uow.incidents.with_channel(open_only=False)
        assert [one.id for one in every] == [open_one.id, over.id, theirs.id]


async def test_of_many_who_take_a_role_at_once_one_gets_it(store: SqlStore, database_url: str) -> None:
    incident = await declare(store)
    other = SqlStore(database_url)

    async def take(turn: int) -> None:
        async with (store if turn % 2 else other).write() as uow:
            await uow.add(holding(incident, f"U{turn}"))

    outcomes = await asyncio.gather(*(take(turn) for turn in range(12)), return_exceptions=True)
    await other.close()
    assert outcomes.count(None) == 1
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Conflict] * 11
    async with store.read() as uow:
        assert len(await uow.roles.history(incident.id)) == 1


async def test_a_role_is_handed_over_in_one_transaction(store: SqlStore) -> None:
    incident = await declare(store)
    async with store.write() as uow:
        await uow.add(holding(incident, "U1"))
        await uow.add(holding(incident, "U9", Role.COMMANDER))
    async with store.write() as uow:
        held = (await uow.roles.holders(incident.id))[Role.SCRIBE]
        held.to_at = NOW + timedelta(minutes=5)
        await uow.add(holding(incident, "U2"))
    async with store.read() as uow:
        holders = await uow.roles.holders(incident.id)
        assert {role: held.user for role, held in holders.items()} == {Role.SCRIBE: "U2", Role.COMMANDER: "U9"}
        assert [held.user for held in await uow.roles.history(incident.id)] == ["U1", "U9", "U2"]
        assert await uow.roles.incidents_of("T1", "U1") == frozenset()
        assert await uow.roles.incidents_of("T1", "U2") == {incident.id}


async def test_what_is_known_of_a_person_is_replaced(store: SqlStore) -> None:
    for name, is_bot in (("Ann", False), ("Ann's bot", True)):
        async with store.write() as uow:
            await uow.remember(Person(team="T1", user="U1", name=name, is_bot=is_bot))
    async with store.read() as uow:
        known = (await uow.people("T1", ["U1"]))["U1"]
    assert (known.name, known.is_bot) == ("Ann's bot", True)


async def test_changes_of_status_come_in_the_order_of_their_times(store: SqlStore) -> None:
    incident = await declare(store)
    async with store.write() as uow:
        for minute, status in ((0, Status.INVESTIGATING), (9, Status.RESOLVED), (5, Status.CONTAINED)):
            given = {"status": status, "severity": Severity.SEV2, "at": NOW + timedelta(minutes=minute), "by": "U1"}
            await uow.add(StatusChange(team="T1", incident_id=incident.id, **given))
    async with store.read() as uow:
        changes = await uow.status_changes(incident.id)
    assert [change.status for change in changes] == [Status.INVESTIGATING, Status.CONTAINED, Status.RESOLVED]


async def test_a_loaded_incident_is_locked_whichever_way_it_was_found(store: SqlStore, database_url: str) -> None:
    incident = await declare(store, channel_id="C1")
    replicas = [SqlStore(database_url) for _ in range(2)]

    async def count(turn: int) -> None:
        async with replicas[turn % 2].write() as uow:
            ways = (
                uow.incidents.by_key("T1", "INC-1"),
                uow.incidents.by_channel("T1", "C1"),
                uow.get(Incident, incident.id),
            )
            found = await ways[turn % 3]
            for unused in ways[: turn % 3] + ways[turn % 3 + 1 :]:
                unused.close()
            assert found is not None
            found.update_count += 1

    await asyncio.gather(*(count(turn) for turn in range(30)))
    for replica in replicas:
        await replica.close()
    async with store.read() as uow:
        assert (await uow.incidents.locked(incident.id)).update_count == 30
