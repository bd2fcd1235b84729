"""Engines: one for transactions that write and one for those that only read, for either database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from app.domain.errors import BadSetup
from app.store.one_trip import in_one_trip
from app.store.storable import as_json, make_storable
from app.store.url import is_sqlite, sqlite_file

BUSY_SECONDS = 15
READERS = 8
POSTGRES_CONNECTIONS = 10


@dataclass(frozen=True)
class Engines:
    """Where writes go and where reads go; `single_writer` says that only one write can run at a time."""

    writing: AsyncEngine
    reading: AsyncEngine
    single_writer: bool

    async def dispose(self) -> None:
        await self.writing.dispose()
        await self.reading.dispose()


def open_engines(url: URL) -> Engines:
    """Engines for the database; nothing is connected yet. Raises BadSetup when a SQLite file has no directory."""
    return _sqlite(url) if is_sqlite(url) else _postgres(url)


def prepare_sqlite(engine: Engine, *, begin: str, pragmas: tuple[str, ...] = ()) -> None:
    """Set up the engine's connections, and start its transactions by `begin`.

    The driver's own way of starting transactions is turned off: it starts them too late, and loses updates.
    """

    def connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        # The wait comes first, since changing the journal mode may meet another process.
        for pragma in (f"busy_timeout = {BUSY_SECONDS * 1000}", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", start)


def insert_at_once(engine: Engine) -> None:
    """Let many rows travel in one INSERT: row by row, SQLite's thread would wait for the interpreter at each."""
    engine.dialect.use_insertmanyvalues_wo_returning = True


def _sqlite(url: URL) -> Engines:
    folder = sqlite_file(url).absolute().parent
    if not folder.is_dir():
        raise BadSetup([f"DATABASE_URL: there is no directory {folder}; create it, or name another file"])
    # What is hidden is in no error either: messages would get into the log with it.
    options: dict[str, Any] = {"json_serializer": as_json, "hide_parameters": True}
    way = in_one_trip(url)
    writing = create_async_engine(way, pool_size=1, max_overflow=0, **options)
    reading = create_async_engine(way, pool_size=READERS, max_overflow=0, **options)
    pragmas = ("journal_mode = WAL", "foreign_keys = ON")
    # FULL: in WAL mode, NORMAL may lose the last commits when the power goes.
    prepare_sqlite(writing.sync_engine, begin="BEGIN IMMEDIATE", pragmas=(*pragmas, "synchronous = FULL"))
    prepare_sqlite(reading.sync_engine, begin="BEGIN", pragmas=(*pragmas, "query_only = ON"))
    make_storable(writing.sync_engine)
    insert_at_once(writing.sync_engine)
    return Engines(writing, reading, single_writer=True)


def _postgres(url: URL) -> Engines:
    engine = create_async_engine(
        url,
        pool_size=POSTGRES_CONNECTIONS,
        max_overflow=POSTGRES_CONNECTIONS,
        pool_pre_ping=True,
        json_serializer=as_json,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "application_name": "ai-incident"},
    )
    make_storable(engine.sync_engine)
    view = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(engine, view, single_writer=False)
