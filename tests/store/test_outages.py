from __future__ import annotations

import asyncio
import sqlite3

import psycopg
import pytest
from sqlalchemy import make_url

from app.store import SqlStore
from tests.store.records import declare


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_the_store_goes_on_after_its_connections_were_cut(store: SqlStore, database_url: str) -> None:
    """As a restart of the database does, while connections stand idle in the pool."""
    await declare(store)
    async with store.read() as uow:
        await uow.incidents.recent("T1")
    plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as other:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
        assert other.execute(cut, [other.info.backend_pid]).rowcount > 0
    await declare(store)
    async with store.read() as uow:
        assert len(await uow.incidents.recent("T1")) == 2


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_a_write_waits_while_another_process_writes(store: SqlStore, database_url: str) -> None:
    """As the command line does beside a running server."""
    other = sqlite3.connect(make_url(database_url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(declare(store))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    async with store.read() as uow:
        assert await uow.incidents.recent("T1") == []
    other.execute("COMMIT")
    other.close()
    assert (await waiting).number == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_a_commit_survives_the_loss_of_power(store: SqlStore) -> None:
    """With less than FULL (2), SQLite in WAL mode may lose the last commits."""
    async with store._engines.writing.connect() as connection:
        settings = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


async def test_a_ping_tells_whether_the_database_answers(store: SqlStore) -> None:
    await store.ping()


async def test_a_ping_fails_where_no_server_listens() -> None:
    store = SqlStore("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    with pytest.raises(Exception, match="connection"):
        await store.ping()
    await store.close()
