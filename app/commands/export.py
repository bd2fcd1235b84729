"""`export`: print the whole record of an incident."""

from __future__ import annotations

import argparse
import asyncio

from app.commands.output import say
from app.commands.printing import say_json
from app.commands.starting import begin
from app.services.records.markdown import record_markdown
from app.settings import Settings
from app.workbench import open_workbench


def run(arguments: argparse.Namespace) -> int:
    """Print the record as Markdown or JSON. Raises NotFound, Invalid, Conflict, BadSetup."""
    asyncio.run(_export(begin(), arguments.key, arguments.format))
    return 0


async def _export(settings: Settings, key: str, form: str) -> None:
    async with open_workbench(settings) as bench:
        incident = await bench.catalogue.find(key)
        record = await bench.records.export(incident.team, incident.key)
        names = await bench.records.names(incident.team, incident.key)
    if form == "json":
        say_json(record)
    else:
        say(record_markdown(record, names))
