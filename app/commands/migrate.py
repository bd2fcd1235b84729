"""`migrate`: bring the database to this version's schema."""

from __future__ import annotations

import argparse
import asyncio

from app.commands.output import say
from app.commands.progress import shown
from app.commands.starting import begin


def run(_arguments: argparse.Namespace) -> int:
    """Migrate, and say what was done."""
    say(asyncio.run(_migrate(begin().database_url)))
    return 0


async def _migrate(url: str) -> str:
    from app.database import migrate_database, state_of

    before = await state_of(url)
    if before == "current":
        return "The database is up to date. Nothing to do."
    async with shown("Migrating"):
        revision = await migrate_database(url)
    return f"The database was {'created' if before == 'new' else 'migrated'}: it is at revision {revision}."
