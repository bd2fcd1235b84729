from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from procrastinate.schema import SchemaManager
from sqlalchemy import inspect, text

from app.domain.errors import BadSetup
from app.store import SqlStore, migrate, schema_state
from app.store.queue_schema import applied, catch_up, is_ours, newest
from app.store.schema import connected, migrate_now
from app.store.tables import METADATA
from app.store.url import database_url as parsed


async def test_the_schema_is_the_sum_of_all_migrations(database_url: str) -> None:
    """When this fails after a record was changed: python -m app.store.revise "what it does"."""
    with connected(parsed(database_url)) as connection:
        options = {
            "compare_type": True,
            "target_metadata": METADATA,
            "include_name": lambda name, kind, _: is_ours(name, kind),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


async def test_migrations_lead_up_and_down_and_up_again(empty_database_url: str) -> None:
    head = await migrate(empty_database_url)
    assert migrate_now(empty_database_url, "base") == ""
    with connected(parsed(empty_database_url)) as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    assert await migrate(empty_database_url) == head
    assert await schema_state(empty_database_url) == "current"


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_the_queue_has_the_tables_of_the_installed_procrastinate(database_url: str) -> None:
    """When this fails after an upgrade of Procrastinate: add a migration that calls `queue_schema.catch_up`."""
    with connected(parsed(database_url)) as connection:
        assert applied(connection) == newest()


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_a_queue_of_an_earlier_procrastinate_is_given_what_came_since(empty_database_url: str) -> None:
    """As Procrastinate's own files made it, up to one of last year."""
    last = "03.03.00_01_pre_priority_lock_fetch_job"
    for file in _files_of_procrastinate(until=last):
        with connected(parsed(empty_database_url)) as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.cursor().execute(file.read_text(encoding="utf-8"))
    with connected(parsed(empty_database_url)) as connection:
        connection.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{last}'"))
        catch_up(connection)
        assert applied(connection) == newest() > last
        assert connection.execute(text("SELECT to_regproc('procrastinate_retry_job_v2') IS NOT NULL")).scalar_one()


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_a_database_where_somebody_else_uses_procrastinate_is_refused(empty_database_url: str) -> None:
    with connected(parsed(empty_database_url)) as connection:
        connection.execute(text("CREATE TABLE procrastinate_jobs (id bigint)"))
    with pytest.raises(BadSetup, match="a database of its own"):
        await migrate(empty_database_url)
    assert await schema_state(empty_database_url) == "new"


async def test_replicas_that_migrate_at_once_leave_one_current_schema(empty_database_url: str) -> None:
    command = "import sys; from app.store.schema import migrate_now; migrate_now(sys.argv[1])"
    replicas = [await _python(command, empty_database_url) for _ in range(3)]
    assert [await replica.wait() for replica in replicas] == [0, 0, 0]
    assert await schema_state(empty_database_url) == "current"


async def test_a_database_tells_whether_it_is_new_current_behind_or_ahead(empty_database_url: str) -> None:
    assert await schema_state(empty_database_url) == "new"
    await migrate(empty_database_url)
    assert await schema_state(empty_database_url) == "current"
    with connected(parsed(empty_database_url)) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
    assert await schema_state(empty_database_url) == "ahead"
    with pytest.raises(BadSetup, match="newer version"):
        await migrate(empty_database_url)


async def test_asking_for_the_state_creates_no_file(tmp_path: Path) -> None:
    assert await schema_state(f"sqlite+aiosqlite:///{tmp_path / 'absent.db'}") == "new"
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:hunter2@localhost/incidents",
        "not a url hunter2",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite:////no/such/directory/incidents.db",
    ],
)
async def test_a_url_that_cannot_work_is_refused_with_an_example_and_without_its_password(url: str) -> None:
    for use in (SqlStore, migrate_now):
        with pytest.raises(BadSetup) as refused:
            use(url)
        assert str(refused.value).startswith("DATABASE_URL: ")
        assert "hunter2" not in str(refused.value)


def _files_of_procrastinate(*, until: str) -> list[Path]:
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [file for file in files if file.stem <= until]


async def _python(command: str, *arguments: str) -> asyncio.subprocess.Process:
    import sys

    return await asyncio.create_subprocess_exec(sys.executable, "-W", "error", "-c", command, *arguments)
