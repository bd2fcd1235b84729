"""(d) Panel, list and draft at 10, 1,000 and 100,000 incidents, and the memory of a process that answers them.

Every size is answered by a process of its own, on a database of its own that is filled without the product. All
incidents are open; a million entries at the largest size, and one incident of them has a thousand.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from app.domain.status_update import Audience
from app.services.actor import Actor
from app.settings import Settings
from app.workbench import build_workbench
from bench.databases import Databases, opened
from bench.processes import ROOT, rss_mib
from bench.table import Line, median, ms, percentile

TEAM, CHANNEL, USER = "T0BENCH", "C{}", "U0000000001"
SIZES, ENTRIES_EACH, MANY = (10, 1000, 100_000), 10, 1000
# The largest may cost this many times what the smallest costs.
AIM = 2.0


@dataclass(frozen=True)
class Answered:
    """Seconds of each question by its name, and memory in MiB afterwards."""

    seconds: dict[str, list[float]]
    memory_mib: float


async def measure(databases: Databases, folder: Path, *, quick: bool) -> list[Line]:
    sizes = SIZES[:2] if quick else SIZES
    lines: list[Line] = []
    for kind in databases.kinds:
        answers: dict[int, Answered] = {}
        for size in sizes:
            url = databases.make(kind)
            _fill(opened(url), size)
            answers[size] = await _answered(url, 20 if quick else 60)
        lines += _lines(kind, answers)
    return lines


def _fill(engine: Engine, size: int) -> None:
    """`size` open incidents with ten entries each, the first one with a thousand."""
    on_postgres = engine.dialect.name == "postgresql"
    numbers = (
        f"SELECT n FROM generate_series(1, {size}) AS g(n)"
        if on_postgres
        else f"WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {size}) SELECT n FROM g"
    )
    at = "CURRENT_TIMESTAMP" if on_postgres else "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
    with engine.begin() as connection:
        connection.execute(text(_incidents(numbers, at)))
        connection.execute(text(f"INSERT INTO incident_counter (team, last) VALUES ('{TEAM}', {size})"))
        connection.execute(text(_role_holdings(at)))
        connection.execute(text(_status_changes(at)))
        for turn in range(ENTRIES_EACH):
            connection.execute(text(_entries(at, f"'17000000{turn:02}.000001'", "1 = 1")))
        for turn in range(MANY):
            connection.execute(text(_entries(at, f"'1700001{turn:03}.000001'", "number = 1")))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _incidents(numbers: str, at: str) -> str:
    return f"""
    INSERT INTO incident (team, number, kind, title, summary, status, severity, archetype, visibility, channel_id,
        channel_name, declared_at, declared_by, promise, unknown_count, update_count)
    SELECT '{TEAM}', n, 'real', 'The agent refunds twice', '', 'investigating',
        CASE n % 4 WHEN 0 THEN 'sev1' WHEN 1 THEN 'sev2' WHEN 2 THEN 'sev3' ELSE 'sev4' END,
        'unsure', 'public', 'C' || n, 'inc-' || n, {at}, 'U' || n, 0, 0, 0 FROM ({numbers}) AS numbers"""


def _role_holdings(at: str) -> str:
    return f"""
    INSERT INTO role_holding (team, incident_id, role, "user", from_at, given_by, note)
    SELECT team, id, 'commander', 'U' || (number % 50), {at}, declared_by, '' FROM incident"""


def _status_changes(at: str) -> str:
    return f"""
    INSERT INTO status_change (team, incident_id, status, severity, at, "by", reason)
    SELECT team, id, status, severity, {at}, declared_by, 'Declared' FROM incident"""


def _entries(at: str, ts: str, which: str) -> str:
    said = "We see ' || number || ' wrong refunds since the deploy of nine, the cause is not known yet"
    return f"""
    INSERT INTO timeline_entry (team, incident_id, at, author, author_is_bot, origin, mark, text, channel_id, ts, files,
        reactions, seen, facts)
    SELECT team, id, {at}, 'U' || (number % 50), false, 'message', 'note', '{said}', channel_id, {ts}, '[]', '{{}}',
        true, '{{}}' FROM incident WHERE {which}"""


async def _answered(url: str, times: int) -> Answered:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *("-m", "bench.growth", url, str(times)), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the questions could not be asked")
    return Answered(**json.loads(out.decode().splitlines()[-1]))


async def _ask(url: str, times: int) -> Answered:
    """Ask everything in this process, the questions by turns."""
    from app.scheduler.system_clock import SystemClock
    from app.services.board import Board

    bench = build_workbench(Settings(database_url=url), SystemClock())
    board = Board(bench.store)
    actor = Actor(TEAM, USER, None)
    questions: dict[str, Any] = {
        "panel": lambda: board.panel(actor, "INC-7"),
        "list": lambda: board.open_incidents(actor),
        "draft": lambda: bench.drafts.extractive(actor, "INC-7", Audience.RESPONDERS),
        f"draft of {MANY + ENTRIES_EACH} entries": lambda: bench.drafts.extractive(actor, "INC-1", Audience.RESPONDERS),
    }
    seconds: dict[str, list[float]] = {name: [] for name in questions}
    for turn in range(-3, times):
        for name, question in questions.items():
            if "entries" in name and turn > 4:
                continue
            began = time.perf_counter()
            await question()
            if turn >= 0:
                seconds[name].append(time.perf_counter() - began)
    await bench.close()
    return Answered(seconds, rss_mib(os.getpid()))


def _lines(kind: str, answers: dict[int, Answered]) -> list[Line]:
    lines = []
    first, last = min(answers), max(answers)
    for name in answers[first].seconds:
        told = [
            f"{ms(percentile(one.seconds[name], 50))}/{ms(percentile(one.seconds[name], 99))}"
            for one in answers.values()
        ]
        ratio = median(answers[last].seconds[name]) / median(answers[first].seconds[name])
        sizes = "/".join(f"{size:,}" for size in answers)
        lines.append(Line("growth", f"{kind}: {name}, p50/p99 at {sizes} incidents", ", ".join(told)))
        lines.append(Line("growth", f"{kind}: {name}, largest : smallest", f"{ratio:.2f}", f"<= {AIM}", ratio <= AIM))
    memory = ", ".join(f"{one.memory_mib:.0f} MiB" for one in answers.values())
    return [*lines, Line("growth", f"{kind}: memory", memory)]


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_ask(sys.argv[1], int(sys.argv[2]))))))
