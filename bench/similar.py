"""How long similar incidents take to find among 100,000, on SQLite and PostgreSQL, and how like they are.

Usage: python bench/similar.py [--incidents 100000] [DATABASE_URL …]   (none: both databases, made for it)
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.domain.incident import Incident, Severity  # noqa: E402
from app.store import SqlStore, migrate  # noqa: E402
from bench.databases import databases  # noqa: E402

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ASKED = 400
AT_ONCE = 2_000


@dataclass(frozen=True)
class Told:
    """An incident's text, and the report that it begins with."""

    text: str
    report: str


def reports() -> list[str]:
    data = ROOT / "tests" / "data"
    lines = [line for name in ("archetypes", "own_reports") for line in (data / f"{name}.jsonl").open(encoding="utf-8")]
    return [json.loads(line)["text"] for line in lines]


def mixed(count: int) -> list[Told]:
    """A real report each, up to five facts from others, and a name of its own: twenty to two hundred words."""
    chance, known = random.Random(7), reports()
    told = []
    for number in range(count):
        report = chance.choice(known)
        facts = [one[: chance.randrange(20, 120)] for one in chance.choices(known, k=chance.choice((0, 1, 1, 2, 3, 5)))]
        own = f"service{number % 997} host{chance.randrange(9999)}"
        told.append(Told(" ".join((report, *facts, own)), report))
    return told


async def seed(store: SqlStore, wanted: Sequence[Told]) -> None:
    for start in range(0, len(wanted), AT_ONCE):
        async with store.write() as uow:
            told = wanted[start : start + AT_ONCE]
            batch = [
                Incident(
                    team="T1",
                    number=start + at + 1,
                    title=one.text[:200],
                    severity=Severity.SEV2,
                    declared_at=NOW,
                    declared_by="U1",
                )
                for at, one in enumerate(told)
            ]
            await uow.add_all(batch)
            for incident, one in zip(batch, told, strict=True):
                await uow.similar.index(incident, one.text)


async def measure(url: str, count: int) -> None:
    await migrate(url)
    store = SqlStore(url)
    try:
        told = mixed(count + ASKED)
        began = time.perf_counter()
        await seed(store, told[:count])
        took_seconds = time.perf_counter() - began
        print(f"{url.partition(':')[0]}: {count:,} incidents stored and indexed in {took_seconds:.0f} s")
        # As `serve` does once it runs.
        gc.collect()
        gc.freeze()
        for when in ("at once", "again, others"):
            half = told[count : count + ASKED // 2] if when == "at once" else told[count + ASKED // 2 :]
            await ask(store, half, [one.report for one in told], when)
    finally:
        gc.unfreeze()
        await store.close()


async def ask(store: SqlStore, asked: Sequence[Told], of: Sequence[str], when: str) -> None:
    """Ask for what is like each, and print how long that took and how often the same report was found."""
    took, answered, same = [], 0, 0
    for one in asked:
        async with store.read() as uow:
            began = time.perf_counter()
            found = await uow.similar.find("T1", one.text, apart_from=0)
            took.append((time.perf_counter() - began) * 1000)
        answered += bool(found)
        same += sum(1 for alike in found if of[alike.incident.number - 1] == one.report)
    took.sort()
    shares = {f"{share:g}th": took[int(len(took) * share / 100)] for share in (95, 99)}
    told = ", ".join(f"{name} {value:.1f} ms" for name, value in shares.items())
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"  {when}: {len(asked)} questions, {answered} answered, {same / len(asked):.1f} of 3 of the same report: "
        f"median {statistics.median(took):.1f} ms, {told}, worst {took[-1]:.1f} ms (load {load})",
        flush=True,
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", metavar="DATABASE_URL")
    parser.add_argument("--incidents", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder), postgres=not arguments.urls) as made:
        for url in arguments.urls or [made.make(kind) for kind in made.kinds]:
            await measure(url, arguments.incidents)


if __name__ == "__main__":
    asyncio.run(main())
