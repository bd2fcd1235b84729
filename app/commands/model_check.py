"""Whether the configured model answers."""

from __future__ import annotations

from app.settings import Settings


async def model(settings: Settings) -> str:
    """What is wrong with the model and what to do; empty when it answers or none is configured."""
    return ""
