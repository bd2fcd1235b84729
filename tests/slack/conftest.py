"""A local workspace and the product's gateway to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.slack.gateway.workspaces import Workspace as Slack
from app.slack.gateway.workspaces import open_workspace
from app.workspace import SlackApp, Workspace, WorkspaceServer, seed_workspace


@pytest.fixture
async def server() -> AsyncIterator[WorkspaceServer]:
    async with WorkspaceServer(seed_workspace(SlackApp(), retry_delays=(0, 0.05, 0.1))) as running:
        yield running


@pytest.fixture
def workspace(server: WorkspaceServer) -> Workspace:
    return server.workspace


@pytest.fixture
async def slack(server: WorkspaceServer) -> AsyncIterator[Slack]:
    opened = open_workspace(server.workspace.app.bot_token, api_url=server.api_url)
    yield opened
    await opened.close()
