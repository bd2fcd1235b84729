"""`postmortem`: print the postmortem of an incident, drafting it if there is none."""

from __future__ import annotations

import argparse
import asyncio

from app.commands.acting import operator
from app.commands.output import say
from app.commands.printing import say_json
from app.commands.progress import shown
from app.commands.starting import begin
from app.services.record_markdown import postmortem_markdown
from app.settings import Settings
from app.workbench import open_workbench


def run(arguments: argparse.Namespace) -> int:
    """Print the newest version as Markdown or JSON. Raises NotFound, Invalid, Conflict, BadSetup."""
    asyncio.run(_postmortem(begin(), arguments.key, arguments.format))
    return 0


async def _postmortem(settings: Settings, key: str, form: str) -> None:
    async with open_workbench(settings) as bench:
        incident = await bench.catalogue.find(key)
        actor = operator(incident)
        if await bench.postmortems.latest(actor, incident.key) is None:
            async with shown("Drafting the postmortem"):
                await bench.postmortems.draft(actor, incident.key)
        record = await bench.records.export(incident.team, incident.key)
        names = await bench.records.names(incident.team, incident.key)
    if form == "json":
        say_json(record["postmortem"])
    else:
        say(postmortem_markdown(record, names))
