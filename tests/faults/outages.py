"""Databases that fail: locked by somebody else, full, or out of reach."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable

import psycopg
from sqlalchemy import make_url

from tests.faults.world import World, plain_address

End = Callable[[], None]
"""Ends an outage."""


def locked(world: World) -> End:
    """Another process writes to the SQLite file and doesn't come to an end."""
    other = sqlite3.connect(make_url(world.database_url).database or "", isolation_level=None, timeout=20)
    other.execute("BEGIN IMMEDIATE")
    return other.close


def full(world: World) -> End:
    """The product's process can't write to any file, as on a full disk."""
    pid = world.life.pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))

    def end() -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

    return end


def out_of_reach(world: World) -> End:
    """PostgreSQL cuts every connection to the database, and takes no more."""
    name = make_url(world.database_url).database

    def order(*statements: str) -> None:
        aside = make_url(plain_address(world.database_url)).set(database="postgres")
        with psycopg.connect(aside.render_as_string(hide_password=False), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    order(
        f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false',
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    return lambda: order(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
