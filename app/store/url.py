"""Database URLs: which databases are spoken, and by which driver."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.domain.errors import BadSetup

EXAMPLES = "for example sqlite+aiosqlite:///ai-incident.db or postgresql+psycopg://user:password@host/name"
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def database_url(text: str) -> URL:
    """The URL with its driver spelt out.

    Raises BadSetup for anything but a SQLite file or PostgreSQL. The text is never repeated: it may hold a password.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise BadSetup([f"DATABASE_URL: not a database URL; {EXAMPLES}"]) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise BadSetup([f"DATABASE_URL: {url.drivername} is not supported; {EXAMPLES}"])
    url = url.set(drivername=driver)
    if is_sqlite(url) and _in_memory(url):
        raise BadSetup([f"DATABASE_URL: a database in memory would forget every incident; {EXAMPLES}"])
    return url


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def blocking_url(url: URL) -> URL:
    """The same database through a driver without asyncio, for migrations."""
    return url.set(drivername="sqlite+pysqlite") if is_sqlite(url) else url


def postgres_address(url: URL) -> str:
    """The address as the PostgreSQL client library has it, password included."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def sqlite_file(url: URL) -> Path:
    """The file of a SQLite URL."""
    return Path(url.database or "")


def _in_memory(url: URL) -> bool:
    name = url.database
    return not name or name == ":memory:" or name.startswith("file:") or "mode" in url.query
