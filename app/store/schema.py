"""The schema of a database: how far it is migrated, and bringing it up to date."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.pool import NullPool

from app.domain.errors import BadSetup
from app.store.engine import prepare_sqlite
from app.store.url import blocking_url, database_url, is_sqlite, sqlite_file

SchemaState = Literal["new", "current", "behind", "ahead"]

NEWER = "DATABASE_URL: the database was migrated by a newer version; run that version, or restore a backup"
_SCRIPTS = Path(__file__).parent / "migrations"
# Alembic keeps the running migration in module globals.
_in_this_process = threading.Lock()
_MIGRATION_TURN = text("SELECT pg_advisory_xact_lock(7216514322)")


async def migrate(url: str) -> str:
    """Bring the database up to date and return its revision; several processes may do so at once.

    Raises BadSetup when the URL can't be used or the database is ahead of this version.
    """
    return await asyncio.to_thread(migrate_now, url)


async def schema_state(url: str) -> SchemaState:
    """How far the database is migrated; `ahead` when by a newer version. Creates nothing."""
    return await asyncio.to_thread(schema_state_now, url)


def migrate_now(url: str, revision: str = "head") -> str:
    """Like `migrate`, blocking; `revision` may be an earlier one, or `base` for none (then returns "")."""
    with _in_this_process, connected(database_url(url)) as connection:
        config = scripts()
        config.attributes["connection"] = connection
        try:
            _move(connection, config, revision)
        except CommandError as error:
            raise BadSetup([NEWER]) from error
        _check_references(connection)
        return MigrationContext.configure(connection).get_current_revision() or ""


def schema_state_now(url: str) -> SchemaState:
    """Like `schema_state`, blocking."""
    parsed = database_url(url)
    if is_sqlite(parsed) and not sqlite_file(parsed).exists():
        return "new"
    with connected(parsed) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return state_at(current)


def state_at(revision: str | None) -> SchemaState:
    """How far a database of that revision is migrated; None: it has none."""
    if revision is None:
        return "new"
    head, known = _revisions()
    if revision == head:
        return "current"
    return "behind" if revision in known else "ahead"


@cache
def _revisions() -> tuple[str | None, frozenset[str]]:
    """The newest revision that this version knows, and all of them."""
    known = ScriptDirectory.from_config(scripts())
    return known.get_current_head(), frozenset(script.revision for script in known.walk_revisions())


def scripts() -> Config:
    """Where the migrations are."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def connected(url: URL) -> Iterator[Connection]:
    """A blocking connection in one transaction, which no other migration shares; committed at the end."""
    if is_sqlite(url) and not sqlite_file(url).absolute().parent.is_dir():
        raise BadSetup([f"DATABASE_URL: there is no directory {sqlite_file(url).absolute().parent}; create it"])
    engine = create_engine(blocking_url(url), poolclass=NullPool)
    if is_sqlite(url):
        # References are checked at the end instead: rebuilding a table must not empty those that refer to it.
        prepare_sqlite(engine, begin="BEGIN IMMEDIATE", pragmas=("foreign_keys = OFF", "journal_mode = WAL"))
    try:
        with engine.begin() as connection:
            if not is_sqlite(url):
                connection.execute(_MIGRATION_TURN)
            yield connection
    finally:
        engine.dispose()


def _move(connection: Connection, config: Config, revision: str) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    backwards = revision == "base" or (current in known and revision in known[known.index(current) + 1 :])
    if backwards:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise RuntimeError(f"the migration would break references of {broken[0]}")
