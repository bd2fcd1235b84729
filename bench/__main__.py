"""`python -m bench [capture room reminders growth backfill burst] [--quick]`: measure, and print a table at the end."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import os
import platform
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from bench.databases import Databases, databases
from bench.table import Line, shown

PARTS = ("capture", "room", "reminders", "growth", "backfill", "burst")
LIBRARIES = ("slack-bolt", "aiohttp", "sqlalchemy", "aiosqlite", "psycopg")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; none: all")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: within a minute, less exact")
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--keep", type=Path, help="put databases and logs into this folder and keep them")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with databases(folder, postgres=not given.sqlite_only) as made:
            lines = asyncio.run(_measure(given.parts or PARTS, made, folder, quick=given.quick))
            print(f"\n{_machine(made)}\n\n{shown(lines)}")
    return 1 if any(line.met is False for line in lines) else 0


async def _measure(parts: list[str] | tuple[str, ...], made: Databases, folder: Path, *, quick: bool) -> list[Line]:
    lines: list[Line] = []
    for part in PARTS:
        if part not in parts:
            continue
        print(f"{part} …", end=" ", file=sys.stderr, flush=True)
        began = time.monotonic()
        found = await importlib.import_module(f"bench.{part}").measure(made, folder, quick=quick)
        print(f"{time.monotonic() - began:.0f} s\n\n{shown(found)}\n", file=sys.stderr, flush=True)
        lines += found
    return lines


def _machine(made: Databases) -> str:
    versions = [f"{kind} {made.version(kind)}" for kind in made.kinds]
    versions += [f"{name} {version(name)}" for name in LIBRARIES]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores, load {load}, Python {platform.python_version()}; {'; '.join(versions)}"


if __name__ == "__main__":
    sys.exit(main())
