"""A database of any earlier version comes up to date with all that is in it."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.store import SqlStore, migrate, schema_state
from app.store.schema import connected, migrate_now, scripts
from app.store.url import database_url as parsed

EARLIER = [script.revision for script in ScriptDirectory.from_config(scripts()).walk_revisions()][1:]
INCIDENT = (
    "INSERT INTO incident (team, number, kind, title, summary, status, severity, archetype, visibility, declared_at,"
    " declared_by, promise, unknown_count, update_count) VALUES ('T1', 1, 'real', 'Agent deletes orders', '',"
    " 'investigating', 'sev2', 'unsure', 'public', '2026-11-23 09:00:00+00:00', 'U1', 0, 0, 0)"
)
JOB = (
    "INSERT INTO job (team, incident_id, kind, key, urgency, payload, due_at, state, attempts, error)"
    " VALUES ('T1', 1, 'card.refresh', 'INC-1:card', '1_soon', '{}', '2026-11-23 09:00:00+00:00', 'pending', 0, '')"
)


@pytest.mark.parametrize("revision", EARLIER)
async def test_a_database_of_an_earlier_version_keeps_what_is_in_it(empty_database_url: str, revision: str) -> None:
    assert migrate_now(empty_database_url, revision) == revision
    assert await schema_state(empty_database_url) == "behind"
    with connected(parsed(empty_database_url)) as connection:
        for row in (INCIDENT, JOB):
            connection.execute(text(row))
    await migrate(empty_database_url)
    assert await schema_state(empty_database_url) == "current"
    store = SqlStore(empty_database_url)
    async with store.read() as uow:
        incident = await uow.incidents.by_key("T1", "INC-1")
        assert incident is not None
        assert incident.title == "Agent deletes orders"
        assert await uow.jobs.next_due_at() is not None
        assert await uow.installations.active() == []
    await store.close()
