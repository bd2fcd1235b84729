"""Both engines keep one contract: the rows' on SQLite, Procrastinate's on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.store import SqlStore
from tests.engines.crew import Crew


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
async def crew(store: SqlStore, database_url: str, tmp_path: Path) -> AsyncIterator[Crew]:
    """Replicas that share a database and a log of what they did; those still at work at the end are stopped."""
    crew = Crew(database_url, store, tmp_path / "effects.jsonl")
    yield crew
    await crew.disband()
