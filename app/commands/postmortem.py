"""`postmortem`: print the postmortem of an incident, drafting it if there is none."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from app.commands.acting import operator
from app.commands.output import on_a_screen, say, say_bytes, tell
from app.commands.printing import say_json
from app.commands.progress import shown
from app.commands.starting import begin
from app.domain.errors import Invalid
from app.services.postmortems.document import document_of
from app.services.postmortems.html import postmortem_html
from app.services.records.markdown import postmortem_markdown
from app.settings import Settings
from app.workbench import open_workbench


def run(arguments: argparse.Namespace) -> int:
    """Print the newest version as Markdown, JSON, HTML or PDF. Raises NotFound, Invalid, Conflict, BadSetup."""
    if arguments.format == "pdf":
        _must_print_pdf()
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
    _print(record, names, form)


def _print(record: Mapping[str, Any], names: Mapping[str, str], form: str) -> None:
    if form == "json":
        say_json(record["postmortem"])
    elif form == "html":
        say(postmortem_html(document_of(record, names)))
    elif form == "pdf":
        from app.commands.postmortem_pdf import postmortem_pdf

        content, note = postmortem_pdf(document_of(record, names))
        say_bytes(content)
        if note:
            tell(note)
    else:
        say(postmortem_markdown(record, names))


def _must_print_pdf() -> None:
    """Raises Invalid where PDF can't be made, or would end up on a screen."""
    if find_spec("fpdf") is None:
        raise Invalid("PDF needs the extra 'pdf': pip install 'ai-incident[pdf]'. Or use --format html and print that.")
    if on_a_screen():
        raise Invalid("A PDF is no text to show here: write it to a file, for example: … --format pdf > postmortem.pdf")
