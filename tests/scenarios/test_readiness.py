"""What the product says of itself when a part of it is down, and when that part is back."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession
from pydantic import SecretStr
from sqlalchemy import make_url

from app.store import migrate
from app.workspace import SlackApp, WorkspaceServer
from tests.databases import Postgres
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene


@pytest.fixture(autouse=True)
def plain_tracebacks() -> Iterator[None]:
    """Drawing every local variable of an expected failure would stop the process for seconds."""
    before = structlog.get_config()
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.configure(**before)


async def ask(scene: Scene, path: str = "/readyz") -> tuple[int, dict[str, Any]]:
    address = f"http://127.0.0.1:{scene.product.port}{path}"
    async with ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.json()


async def reasons(scene: Scene) -> dict[str, str]:
    """Why it isn't ready; empty when it is."""
    status, told = await ask(scene)
    assert (status == 503) == bool(told.get("reasons"))
    found: dict[str, str] = told.get("reasons", {})
    return found


async def becomes(scene: Scene, *parts: str, within_seconds: float = 15) -> dict[str, str]:
    """The reasons, once they are about just these parts."""
    until = time.monotonic() + within_seconds
    while set(found := await reasons(scene)) != set(parts):
        assert time.monotonic() < until, found
        await asyncio.sleep(0.1)
    # Whatever is down, the process lives.
    assert (await ask(scene, "/healthz"))[0] == 200
    return found


def file_of(scene: Scene) -> Path:
    return Path(make_url(scene.database_url).database or "")


async def test_a_product_at_work_is_ready(scene: Scene) -> None:
    assert await ask(scene) == (200, {"status": "ready"})


@pytest.fixture
async def on_postgres(postgres: Postgres) -> AsyncIterator[Scene]:
    scene = Scene(await postgres.create_migrated())
    await scene.start()
    yield scene
    await scene.stop()
    postgres.drop(scene.database_url)


async def test_a_database_that_goes_away_comes_back_empty_and_is_migrated(
    on_postgres: Scene, postgres: Postgres
) -> None:
    scene = on_postgres
    assert await reasons(scene) == {}
    postgres.drop(scene.database_url)
    assert "failed" in (await becomes(scene, "database"))["database"]
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{scene.product.port}/metrics") as answer:
        assert "\nai_incident_database_up 0.0\n" in await answer.text()
    postgres.create_as(scene.database_url)
    assert await becomes(scene, "database") == {"database": "is not migrated to this version"}
    await migrate(scene.database_url)
    await becomes(scene)
    room = await scene.declare()
    assert scene.card(room)


async def test_a_database_file_that_was_deleted_or_replaced_is_noticed(scene: Scene) -> None:
    assert await reasons(scene) == {}
    file, aside = file_of(scene), file_of(scene).with_suffix(".aside")
    file.rename(aside)
    assert "gone" in (await becomes(scene, "database"))["database"]
    file.write_bytes(aside.read_bytes())
    assert "another has its name" in (await becomes(scene, "database"))["database"]
    aside.rename(file)
    await becomes(scene)


def set_to(file: Path, revision: str | None) -> str:
    """Let the database say that it is at another revision (None: leave it), and return the one it was at."""
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as database:
        ((before,),) = database.execute("SELECT version_num FROM alembic_version").fetchall()
        if revision is not None:
            database.execute("UPDATE alembic_version SET version_num = ?", [revision])
    return str(before)


async def test_a_database_that_was_set_back_to_an_earlier_version_is_noticed(scene: Scene) -> None:
    present = await asyncio.to_thread(set_to, file_of(scene), None)
    for revision, parts in (("0001", ["database"]), ("from-the-future", []), (present, [])):
        await asyncio.to_thread(set_to, file_of(scene), revision)
        await becomes(scene, *parts)


async def test_a_scheduler_that_stands_still_is_noticed(scene: Scene) -> None:
    await scene.product.ticker.stop()
    assert await becomes(scene, "scheduler") == {"scheduler": "has not ticked for more than 5 seconds"}


async def test_a_token_that_slack_revokes_is_noticed_without_asking_at_each_request(scene: Scene) -> None:
    scene.workspace.uninstall()
    before = len(scene.workspace.calls)
    for _ in range(3):
        await ask(scene)
    assert len(scene.workspace.calls) == before
    await scene.product.check_token()
    assert "refuses the bot's token" in (await becomes(scene, "slack"))["slack"]


async def test_a_token_that_slack_takes_again_makes_it_ready_again(scene: Scene) -> None:
    app = scene.workspace.app
    token, app.bot_token = app.bot_token, "xoxb-another"
    await scene.product.check_token()
    assert await becomes(scene, "slack") == {"slack": "refuses the bot's token (invalid_auth)"}
    app.bot_token = token
    await scene.product.check_token()
    await becomes(scene)


async def test_slack_out_of_reach_for_a_moment_says_nothing_of_the_token(scene: Scene) -> None:
    await scene.server.stop()
    await scene.product.check_token()
    assert await reasons(scene) == {}


async def test_a_socket_that_breaks_is_noticed_until_it_is_open_again(staged: Staged) -> None:
    scene = await staged(slack_app_token=SecretStr(SlackApp().app_token))
    await becomes(scene)
    port = int(scene.server.url.rpartition(":")[2])
    await scene.server.stop()
    assert await becomes(scene, "slack") == {"slack": "the socket is not connected"}
    scene.server = WorkspaceServer(scene.workspace, port=port)
    await scene.server.start()
    await becomes(scene, within_seconds=30)


async def test_effects_that_are_due_for_long_are_told_and_keep_nobody_out(scene: Scene) -> None:
    form = await scene.declare_form()
    scene.workspace.latency_seconds = 3
    await scene.person("ada").submit(form, {"title": "The agent deletes orders", "severity": "sev2"})
    assert (await ask(scene))[1] == {"status": "ready"}
    scene.clock.advance(minutes=7)
    concerns = {"outbox": "the oldest effect has been due for 7 minutes"}
    assert await ask(scene) == (200, {"status": "ready", "concerns": concerns})
    scene.workspace.latency_seconds = 0
    await scene.settled()
    assert (await ask(scene))[1] == {"status": "ready"}
