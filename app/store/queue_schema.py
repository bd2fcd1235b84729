"""The tables of Procrastinate, which runs the jobs on PostgreSQL: brought up to date by our migrations.

Procrastinate ships its schema, and a file for each change since. What was applied is noted on its main table, so that a
database is given the whole schema once and later only the files that came since. After an upgrade of Procrastinate that
brings new files, one more migration of ours has to call `catch_up`; a test says so.
"""

from __future__ import annotations

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from app.domain.errors import BadSetup

PREFIX = "procrastinate_"
# SQLite keeps a full-text index in tables of its own (revision 0011).
SEARCH_PREFIX = "incident_search"
TAKEN = (
    "DATABASE_URL: the database has tables of Procrastinate that are not the bot's; give the bot a database of its own"
)

_NOTED = text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")
_EXISTS = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
_DROP = """
DO $$
DECLARE
    thing text;
BEGIN
    FOR thing IN
        SELECT format('TABLE %s', c.oid::regclass) FROM pg_class c
        WHERE c.relkind = 'r' AND c.relname LIKE 'procrastinate\\_%' AND pg_table_is_visible(c.oid)
    LOOP
        EXECUTE 'DROP ' || thing || ' CASCADE';
    END LOOP;
    FOR thing IN
        SELECT format('FUNCTION %s', p.oid::regprocedure) FROM pg_proc p
        WHERE p.proname LIKE 'procrastinate\\_%' AND pg_function_is_visible(p.oid)
        UNION ALL
        SELECT format('TYPE %s', t.oid::regtype) FROM pg_type t
        WHERE t.typname LIKE 'procrastinate\\_%' AND t.typtype = 'e' AND pg_type_is_visible(t.oid)
        UNION ALL
        SELECT format('TYPE %s', t.oid::regtype) FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid
        WHERE t.typname LIKE 'procrastinate\\_%' AND c.relkind = 'c' AND pg_type_is_visible(t.oid)
    LOOP
        EXECUTE 'DROP ' || thing || ' CASCADE';
    END LOOP;
END $$
"""


def catch_up(connection: Connection) -> None:
    """Bring the tables to the installed Procrastinate; nothing to do on SQLite.

    Raises BadSetup when the database has such tables of somebody else's.
    """
    if connection.dialect.name != "postgresql":
        return
    if not connection.execute(_EXISTS).scalar_one():
        _run(connection, SchemaManager.get_schema())
    else:
        for file in _files_after(applied(connection)):
            _run(connection, file.read_text(encoding="utf-8"))
    connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{newest()}'")


def remove(connection: Connection) -> None:
    """Take the tables, types and functions away again."""
    if connection.dialect.name == "postgresql":
        _run(connection, _DROP)


def applied(connection: Connection) -> str:
    """The last file of Procrastinate's that the database has seen. Raises BadSetup when nothing of ours is noted."""
    noted: str | None = connection.execute(_NOTED).scalar_one_or_none()
    if noted is None:
        raise BadSetup([TAKEN])
    return noted


def newest() -> str:
    """The last file that the installed Procrastinate brings."""
    return _files()[-1].stem


def is_ours(name: str | None, kind: str) -> bool:
    """Whether the migrations compare what has this name: tables of Procrastinate and of indexes are no records."""
    return not (kind == "table" and name is not None and name.startswith((PREFIX, SEARCH_PREFIX)))


def _files() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _files_after(last: str) -> list[Path]:
    return [file for file in _files() if file.stem > last]


def _run(connection: Connection, script: str) -> None:
    # Past SQLAlchemy, which would prepare the script as one statement with parameters.
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    with driver.cursor() as cursor:
        cursor.execute(script)
