"""`import-slack`: build an incident from a Slack export, and print its key."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from app.commands.output import say, tell
from app.commands.progress import shown
from app.commands.starting import begin
from app.settings import Settings
from app.slack.export_reader import read_export
from app.workbench import open_workbench


def run(arguments: argparse.Namespace) -> int:
    """Import, print the key, and say what to do with it. Raises Invalid, BadSetup; nothing is imported then."""
    key, count = asyncio.run(_import(begin(), Path(arguments.export_dir), arguments.channel))
    say(key)
    tell(f"Imported {count} messages and what became of them. Next: draft {key}, postmortem {key}, export {key}")
    return 0


async def _import(settings: Settings, directory: Path, channel: str) -> tuple[str, int]:
    async with open_workbench(settings) as bench, shown(f"Importing #{channel.lstrip('#')}"):
        team = await bench.catalogue.home_team()
        export = await asyncio.to_thread(read_export, directory, channel, team=team)
        incident = await bench.importing.run(team, export.channel.name, export.members, export.events)
    return incident.key, len(export.events)
