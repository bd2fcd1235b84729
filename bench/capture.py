"""(a) Durable capture of signed message events over HTTP, against a bare Bolt app whose listener does nothing.

One load generator, the same connections, rounds by turns. Every acknowledged message is looked for in the record.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import select

from app.domain.timeline import TimelineEntry
from bench.databases import SQLITE, Databases, opened
from bench.load import Outcome, Run
from bench.processes import ROOT, Serving, started
from bench.seeding import open_incidents
from bench.slack import Slack, local_slack
from bench.table import Line, median, ms, percentile

BARE = "bare Bolt"
AIMS = {SQLITE: 1.0, "PostgreSQL": 0.8}
CONNECTIONS = 128
INCIDENTS = 10


@dataclass
class Runner:
    """One server under load, and what came of each round."""

    serving: Serving
    database_url: str | None
    rates: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)

    def lost(self) -> int:
        """How many acknowledged messages are not in the record."""
        if self.database_url is None:
            return 0
        with opened(self.database_url).connect() as connection:
            there = set(connection.execute(select(TimelineEntry.ts)).scalars())
        return len(self.acknowledged - there)


class Load:
    """The load generator."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> Load:
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bench.load"),
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=64 * 1024 * 1024,
            )
        )

    async def perform(self, run: Run) -> Outcome:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(run)).encode() + b"\n")
        answer = await self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the load generator died")
        return Outcome(**json.loads(answer))

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()


async def measure(databases: Databases, folder: Path, *, quick: bool) -> list[Line]:
    count, rounds = (1500, 3) if quick else (4000, 7)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(local_slack())
        load = await Load.start()
        stack.push_async_callback(load.stop)
        runners = await _runners(databases, folder, slack)
        for runner in runners.values():
            stack.push_async_callback(runner.serving.stop)
        first = 0
        for round_ in range(-1, rounds):
            for runner in runners.values():
                asked = count if round_ >= 0 else 500
                cpu_before = runner.serving.cpu_seconds
                outcome = await load.perform(_run(slack, runner.serving.port, first, asked))
                first += asked
                runner.acknowledged.update(outcome.acknowledged)
                if round_ >= 0:
                    runner.rates.append(len(outcome.acknowledged) / outcome.seconds)
                    runner.cpu_seconds.append((runner.serving.cpu_seconds - cpu_before) / asked)
                    runner.latencies += outcome.latencies
        return [line for name, runner in runners.items() for line in _lines(name, runner, runners[BARE])]


async def _runners(databases: Databases, folder: Path, slack: Slack) -> dict[str, Runner]:
    bare = await started(folder / "bare.log", "bench.bare_bolt", ready="/healthz", **slack.settings)
    runners = {BARE: Runner(bare, None)}
    for kind in databases.kinds:
        url = databases.make(kind)
        serving = await slack.product(url, folder / f"capture-{kind}.log")
        # Seeded now: these channels are not in the workspace, so the backfill at the start must not look for them.
        open_incidents(opened(url), slack.workspace.team.id, _channels())
        runners[kind] = Runner(serving, url)
    return runners


def _channels() -> list[str]:
    return [f"C0BENCH{number:03}" for number in range(INCIDENTS)]


def _run(slack: Slack, port: int, first: int, count: int) -> Run:
    app = slack.workspace.app
    return Run(
        port=port,
        secret=app.signing_secret,
        team=slack.workspace.team.id,
        app_id=app.app_id,
        bot_user=app.bot_user_id,
        channels=_channels(),
        first=first,
        count=count,
        connections=CONNECTIONS,
    )


def _lines(name: str, runner: Runner, bare: Runner) -> list[Line]:
    rate = median(runner.rates)
    p50, p99 = percentile(runner.latencies, 50), percentile(runner.latencies, 99)
    cpu = median(runner.cpu_seconds) * 1e6
    tempo = f"{rate:.0f} events/s, ack p50 {ms(p50)}, p99 {ms(p99)}, {cpu:.0f} µs of processor each"
    if runner is bare:
        return [Line("capture", name, tempo)]
    ratio = median([mine / theirs for mine, theirs in zip(runner.rates, bare.rates, strict=True)])
    lost, sent = runner.lost(), len(runner.acknowledged)
    return [
        Line("capture", name, tempo),
        Line("capture", f"{name} : {BARE}", f"{ratio:.2f}", f">= {AIMS[name]}", ratio >= AIMS[name]),
        Line(
            "capture",
            f"{name}: acknowledged, not in the record",
            f"{lost} of {sent}",
            "0",
            lost == 0,
        ),
    ]
