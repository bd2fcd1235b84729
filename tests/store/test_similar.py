"""Incidents are found by the telling words that they share, and restricted ones never."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.domain.incident import Incident, Kind, Severity, Visibility
from app.domain.incident_words import stems_of
from app.ports.store import Store
from app.store import SqlStore
from app.store.similar import LIKEST, MOST_NAMED
from tests.store.records import NOW, declare

REPORTS = Path(__file__).parents[1] / "data" / "archetypes.jsonl"
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


async def test_what_is_said_of_an_incident_alone_does_not_hide_its_like(store: Store) -> None:
    other = await told(store, "Tenants' invoices shown by the support bot, cache suspected")
    talk = f"{LEAK}. Reverted build seven; Fatima wrote Acme, Globex, Initech, Umbrella, Hooli, Stark, Wayne, Tyrell"
    same = await told(store, talk)
    assert await found(store, talk, apart_from=same.id or 0) == [other.title]


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


# What happened before, and how somebody else tells of the same.
RETOLD = {
    "Refund agent paid the same claim eleven times after the payment tool timed out and was called again": (
        "After timeouts of the payments tool our refund agent repeats payouts: one claim, paid many times"
    ),
    "A crafted PDF made the recruiting assistant rank its sender first among all applicants": (
        "applicant hid text in a pdf, recruiting assistant now ranks him first every time"
    ),
    "Fraud model lets through twice as many chargebacks since the March feature pipeline change": (
        "chargebacks doubled, fraud model misses them; something in the feature pipeline changed"
    ),
    "The triage nurse bot told a caller with chest pain to wait until Monday": (
        "Caller reported chest pain, nurse bot advised to wait for an appointment on Monday"
    ),
    "Vector store of tenant Alder answers with contracts of tenant Birch since the reindex": (
        "contracts from another tenant come back from the vector store, started with last night's reindex"
    ),
    "Image generator draws photographs of a living senator in prison clothes": (
        "Users generate pictures of a senator in prison clothing, the filter on living people lets it pass"
    ),
    "Warehouse agent ordered 40,000 pallets because a supplier's product page told it to": (
        "supplier page with hidden orders: warehouse agent follows it, thousands of pallets ordered"
    ),
    "Legal summariser cites court rulings that do not exist in three filed briefs": (
        "briefs were filed with court rulings nobody can find, cited by the legal summariser"
    ),
}


async def test_what_was_told_in_other_words_comes_before_hundreds_of_others(store: Store) -> None:
    """The ranking: six of the eight come first, and all among the three that are shown."""
    others = [json.loads(line)["text"] for line in REPORTS.read_text(encoding="utf-8").splitlines()]
    async with store.write() as uow:
        given: dict[str, Any] = {"team": "T1", "severity": Severity.SEV2, "declared_at": NOW, "declared_by": "U1"}
        texts = [*others[::2], *RETOLD, *others[1::2]]
        incidents = [Incident(number=place, title=one[:200], **given) for place, one in enumerate(texts)]
        await uow.add_all(incidents)
        for incident, told_before in zip(incidents, texts, strict=True):
            await uow.similar.index(incident, told_before)
    answers = {before: await found(store, now) for before, now in RETOLD.items()}
    assert [before for before, answer in answers.items() if before not in answer] == []
    assert sum(1 for before, answer in answers.items() if answer[0] == before) >= 6


async def test_where_every_word_is_common_those_that_have_most_of_them_come_first(store: SqlStore) -> None:
    both = await told(store, "chatbot leaks invoices and apologises")
    for words in ("chatbot leak", "chatbot invoic", "leak invoic"):
        await _many(store, both, words, MOST_NAMED // 2 + 1)
    assert (await found(store, "Chatbot leaks invoices"))[0] == both.title
    assert len(await found(store, "The chatbot leaks")) == 3


async def test_a_hundred_others_that_nobody_may_see_hide_none_that_somebody_may(store: SqlStore) -> None:
    seen = await told(store, LEAK)
    hidden = await told(store, LEAK, visibility=Visibility.RESTRICTED)
    await _many(store, hidden, " ".join(stems_of(LEAK)), LIKEST + 1)
    assert await found(store, LEAK) == [seen.title]


async def _many(store: SqlStore, like: Incident, words: str, count: int) -> None:
    """So many more incidents, each with these words alone."""
    columns = [one for one in Incident.__table__.columns if one.name != "id"]  # type: ignore[attr-defined]
    places = "WITH RECURSIVE places(place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < :count)"
    async with store._engines.writing.begin() as connection:
        last = (await connection.execute(text("SELECT max(number) FROM incident"))).scalar_one()
        copied = ", ".join("number + place" if one.name == "number" else one.name for one in columns)
        await connection.execute(
            text(
                f"{places} INSERT INTO incident ({', '.join(one.name for one in columns)}) "
                f"SELECT {copied} FROM incident CROSS JOIN places WHERE number = :last"
            ),
            {"count": count, "last": last},
        )
        vector = "to_tsvector('simple', :words)" if connection.dialect.name == "postgresql" else "NULL"
        await connection.execute(
            text(
                "INSERT INTO incident_words (incident_id, team, words, vector) "
                f"SELECT id, team, CAST(:words AS text), {vector} FROM incident WHERE number > :last"
            ),
            {"words": words, "last": last},
        )
