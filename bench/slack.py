"""A local workspace with the product's app in it, and the product beside it as a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from app.manifest import manifest_file
from app.workspace import SlackApp, Workspace, WorkspaceServer, seed_workspace
from bench.processes import Serving, started


@dataclass(frozen=True)
class Slack:
    """The workspace and the server that answers for it, in this process."""

    workspace: Workspace
    server: WorkspaceServer

    @property
    def settings(self) -> dict[str, str]:
        """What a process needs to speak to it."""
        app = self.workspace.app
        return {
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
            "SLACK_API_URL": self.server.api_url,
        }

    async def product(self, database_url: str, log: Path, **settings: str) -> Serving:
        """The product, ready, with Slack's requests going to it."""
        serving = await started(
            log, "app", "serve", ready="/readyz", DATABASE_URL=database_url, **self.settings, **settings
        )
        self.workspace.app.request_url = f"{serving.url}/slack/events"
        return serving


@asynccontextmanager
async def local_slack() -> AsyncIterator[Slack]:
    """A workspace of its own for one measurement."""
    app = SlackApp.from_manifest(yaml.safe_load(manifest_file().read_text(encoding="utf-8")))
    workspace = seed_workspace(app, retry_delays=(0, 0.2, 1.0))
    async with WorkspaceServer(workspace) as server:
        yield Slack(workspace, server)
