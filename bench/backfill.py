"""(e) How fast a channel is read again: the product was away while people talked, and comes back.

Slack's own limit on reading history (about fifty pages of two hundred messages a minute) is far above what is said in
an incident; a channel of this size is read within the first burst that the product allows itself.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy import func, select

from app.domain.timeline import Origin, TimelineEntry
from app.workspace.model import Channel, View
from bench.databases import Databases, opened
from bench.room import COMMAND
from bench.slack import Slack, local_slack
from bench.table import Line

NOWHERE = "http://127.0.0.1:9/slack/events"


async def measure(databases: Databases, folder: Path, *, quick: bool) -> list[Line]:
    return [
        await _measured(kind, databases.make(kind), folder, messages=300 if quick else 2000) for kind in databases.kinds
    ]


async def _measured(kind: str, url: str, folder: Path, *, messages: int) -> Line:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(local_slack())
        log = folder / f"backfill-{kind}.log"
        serving = await slack.product(url, log)
        room = await declared(slack)
        await serving.stop()
        slack.workspace.app.request_url = NOWHERE
        slack.workspace.events.pause()
        people = [slack.workspace.person(name) for name in ("ada", "ben", "chen")]
        head = await people[0].say(room.id, "Everything from here on was said while the bot was away")
        for number in range(messages - 1):
            # Every tenth is a reply, so that threads are read too.
            thread_ts = head if number % 10 == 0 else None
            await people[number % 3].say(room.id, f"Refund {number} was wrong too", thread_ts=thread_ts)
        slack.workspace.calls.clear()
        stack.push_async_callback((await slack.product(url, log)).stop)
        async with asyncio.timeout(240):
            while count_messages(url) < messages:  # noqa: ASYNC110 - another process fills the record
                await asyncio.sleep(0.05)
        took = time.time() - next(call.at for call in slack.workspace.calls if call.method == "conversations.history")
    figure = f"{messages / took:.0f} messages/s ({messages} in {took:.1f} s, all in the record)"
    return Line("backfill", kind, figure)


async def declared(slack: Slack, title: str = "The agent refunds twice") -> Channel:
    """Declare by the form; the incident's channel with its card."""
    workspace = slack.workspace
    known = set(workspace.channels)
    await declare_by_form(slack, workspace.person("ada").id, title)

    def room() -> Channel | None:
        made = [one for one in workspace.channels.values() if one.id not in known and one.name.startswith("inc-")]
        return next((one for one in made if any(message.blocks for message in one.messages.values())), None)

    found: Channel = await workspace.until(room, timeout_seconds=20.0)
    return found


async def declare_by_form(slack: Slack, who: str, title: str) -> None:
    """What one person does to declare; the form is closed again when it says that it worked."""
    person = slack.workspace.person(who)

    def form() -> View | None:
        shown = person.modal()
        return shown if shown is not None and shown.callback_id == "declare.submit" else None

    await person.command(COMMAND, "", "general")
    await person.submit(await slack.workspace.until(form, timeout_seconds=20.0), {"title": title, "severity": "sev2"})
    left = person.modal()
    if left is not None:
        await person.close(left)


def count_messages(url: str) -> int:
    """How many messages are in the record."""
    engine = opened(url)
    with engine.connect() as connection:
        asked = select(func.count()).where(TimelineEntry.origin == Origin.MESSAGE)
        found = int(connection.execute(asked).scalar_one())
    engine.dispose()
    return found
