"""`draft`: print a What We Know draft of an incident, as of now or of an earlier time. Nothing is stored."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime

from app.commands.acting import operator
from app.commands.output import say, tell
from app.commands.printing import say_json
from app.commands.progress import shown
from app.commands.starting import begin
from app.domain.errors import Invalid
from app.domain.status_update import Audience
from app.services.records.markdown import update_markdown
from app.settings import Settings
from app.workbench import open_workbench


def run(arguments: argparse.Namespace) -> int:
    """Print the draft as Markdown or JSON. Raises NotFound, Invalid, Conflict, BadSetup."""
    settings = begin()
    as_of = moment(arguments.as_of) if arguments.as_of is not None else None
    asyncio.run(_draft(settings, arguments, as_of))
    return 0


async def _draft(settings: Settings, arguments: argparse.Namespace, as_of: datetime | None) -> None:
    audience = Audience(arguments.audience)
    async with open_workbench(settings) as bench:
        incident = await bench.catalogue.find(arguments.key)
        async with shown("Drafting"):
            draft = await bench.drafts.best(operator(incident), incident.key, audience, as_of)
        update = await bench.records.drafted(incident.team, incident.key, draft, audience, as_of)
        record = await bench.records.export(incident.team, incident.key)
        names = await bench.records.names(incident.team, incident.key)
    if draft.account.note:
        tell(draft.account.note)
    if arguments.format == "json":
        say_json(update)
    else:
        say(update_markdown(record, update, names))


def moment(text: str) -> datetime:
    """The instant that an ISO time means, UTC where it has no offset. Raises Invalid for anything else."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(f"--as-of {text!r} is no ISO time. For example: 2026-11-23T14:30:00Z") from None
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)
