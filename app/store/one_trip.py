"""SQLite by aiosqlite, with one trip to its thread for each statement where SQLAlchemy's own way takes four.

A trip costs more than most statements: both threads are woken, and each waits for the other to let go of the
interpreter. Everything else is SQLAlchemy's own dialect.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import URL
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.util.concurrency import await_only

_NAME = "one_trip"
_Told = tuple[Any, int, int | None]


def in_one_trip(url: URL) -> URL:
    """The same database by this way."""
    return url.set(drivername=f"sqlite+{_NAME}")


class OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    """A statement is begun, carried out, read and closed in one go; the rows then wait here."""

    __slots__ = ("_told", "arraysize")

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._told: _Told = (None, -1, None)
        self.arraysize = 1

    @property
    def description(self) -> Any:
        return self._told[0]

    @property
    def rowcount(self) -> int:
        return self._told[1]

    @property
    def lastrowid(self) -> Any:
        return self._told[2]

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        self._go(partial(_executed, sql=operation, parameters=parameters))

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        self._go(partial(_executed_many, sql=operation, parameters=seq_of_parameters))

    def close(self) -> None:
        self._rows.clear()

    def _go(self, work: Any) -> None:
        try:
            rows, self._told = await_only(self._trip(work))
        except (sqlite3.Error, ValueError) as error:
            self._adapt_connection._handle_exception(error)
        self._rows = deque(rows)

    async def _trip(self, work: Any) -> tuple[Sequence[Any], _Told]:
        async with self._adapt_connection._execute_mutex:
            done: tuple[Sequence[Any], _Told] = await self._connection._execute(work, self._connection._conn)
            return done

    async def _async_soft_close(self) -> None:
        """Nothing is open."""


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls: type[AsyncAdapt_aiosqlite_cursor] = OneTripCursor  # type: ignore[assignment,unused-ignore]


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arguments: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        return _Connection(self, super().connect(*arguments, **options)._connection)


class OneTripDialect(SQLiteDialect_aiosqlite):
    """SQLAlchemy's dialect over these connections."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        return _Driver(__import__("aiosqlite"), __import__("sqlite3"))


def _executed(connection: sqlite3.Connection, *, sql: str, parameters: Any) -> tuple[Sequence[Any], _Told]:
    return _read(connection.execute(sql, parameters or ()))


def _executed_many(connection: sqlite3.Connection, *, sql: str, parameters: Any) -> tuple[Sequence[Any], _Told]:
    return _read(connection.executemany(sql, parameters))


def _read(cursor: sqlite3.Cursor) -> tuple[Sequence[Any], _Told]:
    rows = cursor.fetchall() if cursor.description else ()
    told = (cursor.description, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return rows, told


registry.register(f"sqlite.{_NAME}", __name__, OneTripDialect.__name__)
