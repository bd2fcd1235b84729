from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event

from app.domain.incident import Incident
from app.domain.status_update import Audience
from app.store import SqlStore
from tests.store.records import LEASE, NOW, declare, entry, job
from tests.store.records import event as received

Statements = list[tuple[str, Any]]


@contextmanager
def statements(store: SqlStore) -> Iterator[Statements]:
    """Collect what the store asks its database."""
    asked: Statements = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        if statement.split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE", "WITH"} and not many:
            asked.append((statement, parameters))

    engines = {store._engines.writing.sync_engine, store._engines.reading.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def ask_everything_hot(store: SqlStore, incident: Incident) -> None:
    """What a panel, a list, a captured message and a tick of the scheduler ask."""
    async with store.write() as uow:
        number = incident.id
        await uow.incidents.by_key("T1", "INC-1")
        await uow.incidents.by_channels("T1", ["C1", "C2"])
        await uow.incidents.locked(number)
        await uow.incidents.open("T1")
        await uow.incidents.recent("T1")
        await uow.incidents.with_channel()
        await uow.roles.holders(number)
        await uow.roles.incidents_of("T1", "U1")
        await uow.timeline.by_ts(number, "1")
        await uow.timeline.entries(number, until=NOW)
        await uow.timeline.last_message_ts(number)
        await uow.timeline.permalinks([1, 2])
        await uow.timeline.revisions(number)
        await uow.unknowns.all(number)
        await uow.unknowns.by_entry(1)
        await uow.updates.last_published(number, Audience.RESPONDERS)
        await uow.updates.waiting(number)
        await uow.reminders.pending(number)
        await uow.postmortems.latest(number)
        await uow.status_changes(number)
        await uow.audit(number)
        await uow.people("T1", ["U1"])
        await uow.jobs.claim(NOW, lease=LEASE)
        await uow.jobs.held(1, "token")
        await uow.jobs.cancel("T1", "card")
        await uow.jobs.failed(number)
        await uow.jobs.forget(NOW - timedelta(days=1))
        await uow.jobs.next_due_at()
        await uow.inbox.unapplied()
        await uow.inbox.forget(NOW)


async def test_every_hot_question_is_answered_from_an_index(store: SqlStore) -> None:
    incident = await declare(store, channel_id="C1")
    async with store.write() as uow:
        await uow.add(entry(incident, ts="1"))
        await uow.jobs.add(job())
        await uow.inbox.add_new([received(1)])
    with statements(store) as asked:
        await ask_everything_hot(store, incident)
    questions = [(statement, parameters) for statement, parameters in asked if "advisory" not in statement]
    assert len(questions) > 30
    async with store._engines.writing.connect() as connection:
        plans = await connection.run_sync(lambda sync: [(what, plan(sync, what, given)) for what, given in questions])
    assert [(statement, steps) for statement, steps in plans if not is_flat(statement, steps)] == []


def plan(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """The steps by which the database would answer; PostgreSQL's as if its tables were too large to read through."""
    if connection.dialect.name == "sqlite":
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    connection.exec_driver_sql("SET enable_seqscan = off")
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


def is_flat(statement: str, steps: list[str]) -> bool:
    """Whether the answer takes no longer when there is more that doesn't belong to it."""
    lists_incidents = "FROM incident" in statement and "LIMIT" in statement
    return not any(reads_through(step) or (lists_incidents and "TEMP B-TREE" in step) for step in steps)


def reads_through(step: str) -> bool:
    """SQLite says SCAN where it reads all of a table or index, PostgreSQL Seq Scan.

    Reading through the index of what is open or waiting is fine, and so is what an inner query left.
    """
    if step.startswith("SCAN "):
        return not step.endswith(("ix_incident_open", "ix_inbox_event_unapplied")) and not step.startswith("SCAN (sub")
    return "Seq Scan" in step
