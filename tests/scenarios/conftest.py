"""Fixtures for stories that run through the local workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.demo.main import register_file
from app.demo.monitor import SENDER
from app.demo.receiver import sample_receiver
from tests.scenarios.scene import SIGNALS_TOKEN, Scene

Staged = Callable[..., Awaitable[Scene]]


@pytest.fixture
async def staged(database_url: str) -> AsyncIterator[Staged]:
    """Stages a scene with settings of the test's own, such as `openai_base_url`; stopped at the end."""
    scenes: list[Scene] = []

    async def stage(**settings: Any) -> Scene:
        scene = Scene(database_url, settings)
        await scene.start()
        scenes.append(scene)
        return scene

    yield stage
    for scene in scenes:
        await scene.stop()


@pytest.fixture
async def scene(staged: Staged) -> Scene:
    """A scene with the usual settings."""
    return await staged()


@pytest.fixture
def demo_register(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The settings with the register of the demo, the receiver that its switch calls, and the token of its monitor."""
    with sample_receiver("shared-with-the-receiver") as receiver:
        yield {
            "register_file": register_file(tmp_path, receiver.url),
            "containment_secret": SecretStr("shared-with-the-receiver"),
            "signals_tokens": {SENDER: SecretStr(SIGNALS_TOKEN)},
        }
