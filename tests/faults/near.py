"""The same world with the product inside the test's own process: quicker where nothing has to be killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from app.bootstrap import build
from app.product import Product
from app.settings import Settings
from tests.faults.lives import DiedError
from tests.faults.world import NOWHERE, World

SECRETS = ("slack_bot_token", "slack_signing_secret", "openai_api_key")


class NearLife:
    """A product of this process, as a life."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.alive = True

    async def settled(self) -> None:
        if not self.alive:
            raise DiedError
        await self.product.settled()


class NearWorld(World):
    """A world whose product sleeps and wakes instead of dying."""

    near: NearLife

    def __init__(self, database_url: str, folder: Path, more: dict[str, Any] | None = None) -> None:
        super().__init__(None, database_url, folder, more or {})  # type: ignore[arg-type]

    @property
    def life(self) -> Any:
        return self.near

    async def live(self) -> None:
        settings = {name: SecretStr(value) if name in SECRETS else value for name, value in self.settings().items()}
        self.near = NearLife(build(Settings(**settings, port=0), clock=self.clock))
        await self.near.product.start()
        self.workspace.app.request_url = f"http://127.0.0.1:{self.near.product.port}/slack/events"

    async def sleep(self) -> None:
        """Stop the product in good order."""
        self.workspace.app.request_url = NOWHERE
        self.near.alive = False
        await self.near.product.stop()

    async def stop(self) -> None:
        if self.near.alive:
            await self.sleep()
        await self.server.stop()
        await self.store.close()

    async def calms_down(self) -> None:
        """Let the time pass that retries wait for, and no more."""
        while True:
            await self.settled()
            async with self.store.read() as uow:
                due_at = await uow.jobs.next_due_at()
            wait_seconds = self.clock.seconds_until(due_at) if due_at else 0
            if due_at is None or wait_seconds > 61:
                return
            self.clock.advance(seconds=max(0.0, wait_seconds) + 0.01)
