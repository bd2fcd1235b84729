"""The configured database: is it there, and is it migrated. Troubles become words for the operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import BadSetup
from app.store.schema import SchemaState, migrate, schema_state

BEHIND = "DATABASE_URL: the database is not migrated to this version. Run the command migrate first"
AHEAD = "DATABASE_URL: the database was migrated by a newer version. Run that version, or restore a backup"


@contextmanager
def reachable() -> Iterator[None]:
    """Turn the driver's errors inside into BadSetup with one line; passwords are not in it."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None) or error
        first_line = str(cause).strip().partition("\n")[0] or type(cause).__name__
        raise BadSetup([f"DATABASE_URL: the database can't be reached or used ({first_line})"]) from error


async def state_of(url: str) -> SchemaState:
    """How far the database is migrated. Raises BadSetup when it can't be reached."""
    with reachable():
        return await schema_state(url)


async def migrate_database(url: str) -> str:
    """Migrate it and return its revision. Raises BadSetup when it can't be reached or is ahead of this version."""
    with reachable():
        return await migrate(url)


async def ensure_migrated(url: str) -> None:
    """Return if the database can be used; a new SQLite file is created and migrated on the way.

    Raises BadSetup when the database can't be reached, or is not migrated to exactly this version.
    """
    state = await state_of(url)
    if state == "new" and url.startswith("sqlite"):
        await migrate_database(url)
    elif state != "current":
        raise BadSetup([AHEAD if state == "ahead" else BEHIND])
