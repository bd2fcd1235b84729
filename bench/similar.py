"""How long similar incidents take to find among 100,000, on SQLite and PostgreSQL.

Usage: python bench/similar.py [--incidents 100000] [DATABASE_URL …]   (none: a SQLite file of its own)
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.domain.incident import Incident, Severity  # noqa: E402
from app.store import SqlStore, migrate  # noqa: E402

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ASKED = 200
AT_ONCE = 2_000


def reports() -> list[str]:
    data = ROOT / "tests" / "data"
    lines = [line for name in ("archetypes", "own_reports") for line in (data / f"{name}.jsonl").open(encoding="utf-8")]
    return [json.loads(line)["text"] for line in lines]


def texts(count: int) -> list[str]:
    """Reports mixed from the real ones, a sentence from here and one from there, with a name of their own."""
    chance, known = random.Random(7), reports()
    mixed = []
    for number in range(count):
        first, second = chance.choice(known), chance.choice(known)
        mixed.append(
            f"{first} {second[: chance.randrange(20, 120)]} service{number % 997} host{chance.randrange(9999)}"
        )
    return mixed


async def seed(store: SqlStore, wanted: list[str]) -> None:
    for start in range(0, len(wanted), AT_ONCE):
        async with store.write() as uow:
            batch = [
                Incident(
                    team="T1",
                    number=start + at + 1,
                    title=text[:200],
                    severity=Severity.SEV2,
                    declared_at=NOW,
                    declared_by="U1",
                )
                for at, text in enumerate(wanted[start : start + AT_ONCE])
            ]
            await uow.add_all(batch)
            for incident, text in zip(batch, wanted[start : start + AT_ONCE], strict=True):
                await uow.similar.index(incident, text)


async def measure(url: str, count: int) -> None:
    await migrate(url)
    store = SqlStore(url)
    try:
        known = texts(count)
        began = time.perf_counter()
        await seed(store, known)
        took_seconds = time.perf_counter() - began
        print(f"{url.partition(':')[0]}: {count:,} incidents stored and indexed in {took_seconds:.0f} s")
        asked = texts(count + ASKED)[-ASKED:]
        took, answered = [], 0
        for text in asked:
            async with store.read() as uow:
                began = time.perf_counter()
                found = await uow.similar.find("T1", text, apart_from=0)
                took.append((time.perf_counter() - began) * 1000)
                answered += bool(found)
        took.sort()
        print(
            f"  {ASKED} questions, {answered} with an answer: median {statistics.median(took):.1f} ms, "
            f"95th {took[int(ASKED * 0.95)]:.1f} ms, worst {took[-1]:.1f} ms"
        )
    finally:
        await store.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", metavar="DATABASE_URL")
    parser.add_argument("--incidents", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for url in arguments.urls or [f"sqlite+aiosqlite:///{folder}/similar.db"]:
            await measure(url, arguments.incidents)


if __name__ == "__main__":
    asyncio.run(main())
