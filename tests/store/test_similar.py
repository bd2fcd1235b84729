"""Incidents are found by the telling words that they share, and restricted ones never."""

from __future__ import annotations

from typing import Any

from app.domain.incident import Incident, Kind, Visibility
from app.ports.store import Store
from tests.store.records import declare

LEAK = "The support bot shows invoices of other tenants since the cache was upgraded"


async def told(store: Store, text: str, **fields: Any) -> Incident:
    incident = await declare(store, title=text[:200], **fields)
    async with store.write() as uow:
        await uow.similar.index(incident, text)
    return incident


async def found(store: Store, text: str, *, apart_from: int = 0, team: str = "T1") -> list[str]:
    async with store.read() as uow:
        return [one.incident.title for one in await uow.similar.find(team, text, apart_from=apart_from)]


async def test_the_likest_incident_comes_first_and_one_that_shares_too_little_not_at_all(store: Store) -> None:
    same = await told(store, LEAK)
    near = await told(store, "Invoices of a tenant were shown to another by the summary agent")
    await told(store, "The trading agent bought shares in a loop")
    other = await told(store, "Tenants' invoices shown by the support bot, cache suspected")
    assert await found(store, LEAK, apart_from=same.id or 0) == [other.title, near.title]
    assert await found(store, "Nothing of the kind was ever seen") == []
    assert await found(store, "'; DROP TABLE incident; -- \" & | ! (") == []


async def test_restricted_incidents_drills_and_other_workspaces_are_never_found(store: Store) -> None:
    await told(store, LEAK, visibility=Visibility.RESTRICTED)
    await told(store, LEAK, kind=Kind.DRILL)
    await told(store, LEAK, team="T2")
    assert await found(store, LEAK) == []
    assert await found(store, LEAK, team="T2") == [LEAK]


async def test_words_that_were_replaced_or_deleted_are_found_no_more(store: Store) -> None:
    incident = await told(store, LEAK)
    async with store.write() as uow:
        await uow.similar.index(incident, "The trading agent bought shares in a loop")
    assert await found(store, LEAK) == []
    assert await found(store, "an agent buys shares, trading in a loop") == [LEAK]
    async with store.write() as uow:
        await uow.delete(await uow.incidents.locked(incident.id or 0))
    assert await found(store, "an agent buys shares, trading in a loop") == []
