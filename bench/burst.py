"""(f) Twenty declarations at once while 200 messages a second arrive in an incident's channel, for ten seconds.

Slack lets an app create twenty channels a minute, so the last of twenty rooms waits for the limit that the product
keeps, however fast it is; what people said meanwhile does not wait.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

from app.workspace import AppFailureError
from bench.backfill import declare_by_form, declared
from bench.capture import Load, Runner
from bench.databases import Databases
from bench.load import Run
from bench.slack import Slack, local_slack
from bench.table import Line, ms, percentile

DECLARATIONS, PER_SECOND = 20, 200
WITHIN_SECONDS = 120.0


async def measure(databases: Databases, folder: Path, *, quick: bool) -> list[Line]:
    seconds, declarations = (3, 5) if quick else (10, DECLARATIONS)
    lines = []
    for kind in databases.kinds:
        lines += await _measured(kind, databases.make(kind), folder, seconds, declarations)
    return lines


async def _measured(kind: str, url: str, folder: Path, seconds: int, declarations: int) -> list[Line]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(local_slack())
        load = await Load.start()
        stack.push_async_callback(load.stop)
        serving = await slack.product(url, folder / f"burst-{kind}.log")
        stack.push_async_callback(serving.stop)
        first = await declared(slack)
        known = set(slack.workspace.channels)
        began = time.perf_counter()
        talking = asyncio.create_task(load.perform(_talk(slack, serving.port, first.id, seconds)))
        unanswered = sum(await asyncio.gather(*(_declare(slack, number, declarations) for number in range(8))))
        await slack.workspace.until(lambda: _usable(slack, known) >= declarations, timeout_seconds=WITHIN_SECONDS)
        usable_seconds = time.perf_counter() - began
        outcome = await talking
        runner = Runner(serving, url, acknowledged=set(outcome.acknowledged))
        lost = seconds * PER_SECOND - len(outcome.acknowledged) + runner.lost()
    p50, p99 = percentile(outcome.latencies, 50), percentile(outcome.latencies, 99)
    said = seconds * PER_SECOND
    return [
        Line("burst", f"{kind}: messages lost, of {said} at {PER_SECOND}/s", str(lost), "0", lost == 0),
        Line("burst", f"{kind}: ack of a message meanwhile", f"p50 {ms(p50)}, p99 {ms(p99)}", "p99 < 3 s", p99 < 3),
        Line(
            "burst", f"{kind}: forms not answered within 3 s", f"{unanswered} of {declarations}", "0", unanswered == 0
        ),
        Line("burst", f"{kind}: {declarations} declared at once, last room usable after", f"{usable_seconds:.1f} s"),
    ]


async def _declare(slack: Slack, number: int, declarations: int) -> int:
    """One of the eight people, who together declare so many; how often there was no answer in Slack's three seconds."""
    person = slack.workspace.people()[number]
    unanswered = 0
    for turn in range(number, declarations, 8):
        try:
            await declare_by_form(slack, person.id, f"The agent refunds twice, case {turn}")
        except AppFailureError:
            unanswered += 1
            left = person.modal()
            if left is not None:
                await person.close(left)
    return unanswered


def _usable(slack: Slack, known: set[str]) -> int:
    rooms = (one for one in slack.workspace.channels.values() if one.id not in known and one.name.startswith("inc-"))
    return sum(len(one.members) > 1 and any(message.blocks for message in one.messages.values()) for one in rooms)


def _talk(slack: Slack, port: int, channel: str, seconds: int) -> Run:
    app = slack.workspace.app
    return Run(
        port=port,
        secret=app.signing_secret,
        team=slack.workspace.team.id,
        app_id=app.app_id,
        bot_user=app.bot_user_id,
        channels=[channel],
        first=0,
        count=seconds * PER_SECOND,
        connections=32,
        per_second=PER_SECOND,
    )
