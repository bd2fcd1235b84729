"""Fixtures for tests that break things: lives of the product, and worlds in which they end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.lives import Zygote
from tests.faults.near import NearWorld
from tests.faults.world import World

Begun = Callable[..., Awaitable[World]]


@pytest.fixture(scope="session")
async def zygote() -> AsyncIterator[Zygote]:
    zygote = Zygote()
    await zygote.start()
    yield zygote
    await zygote.stop()


@pytest.fixture
async def begun(zygote: Zygote, database_url: str, tmp_path: Path) -> AsyncIterator[Begun]:
    """Begins a world with settings of the test's own; ended at the end."""
    worlds: list[World] = []

    async def begin(**settings: Any) -> World:
        world = World(zygote, database_url, tmp_path, settings)
        worlds.append(world)
        await world.start()
        return world

    yield begin
    for world in worlds:
        await world.stop()


@pytest.fixture
async def world(begun: Begun) -> World:
    """A world with the usual settings."""
    return await begun()


@pytest.fixture
async def near(database_url: str, tmp_path: Path) -> AsyncIterator[NearWorld]:
    """A world with the product inside the test's own process."""
    world = NearWorld(database_url, tmp_path)
    await world.start()
    yield world
    await world.stop()
