"""What the web server answers, over real sockets."""

from __future__ import annotations

import asyncio
import gc
import io
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from app.domain.errors import BadSetup, NotFound
from app.web.api import IncidentApi
from app.web.application import build_application
from app.web.bearer import Bearers
from app.web.health import Check, Readiness
from app.web.metrics import Metrics
from app.web.server import Server


class TwoRecords:
    """INC-1 and INC-2, and nothing else."""

    async def newest(self, limit: int) -> Sequence[Mapping[str, Any]]:
        return [{"key": "INC-2"}, {"key": "INC-1"}][:limit]

    async def record(self, key: str) -> Mapping[str, Any]:
        if key not in {"INC-1", "INC-2"}:
            raise NotFound(f"There is no incident {key}.")
        return {"key": key, "title": "Agent deletes orders"}


async def echo(request: web.Request) -> web.Response:
    body = await request.text()
    if body == "break":
        raise RuntimeError("a secret detail")
    return web.Response(text=str(len(body)))


def application(*, tokens: Mapping[str, str] | None = None, **checks: Check) -> web.Application:
    bearers = Bearers({name: SecretStr(token) for name, token in (tokens or {}).items()})
    return build_application(
        slack_events=echo, readiness=Readiness(checks), metrics=Metrics(), api=IncidentApi(TwoRecords(), bearers)
    )


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_living_process_says_so() -> None:
    async with served(application()) as client:
        answer = await client.get("/healthz")
        assert answer.status == 200
        assert await answer.json() == {"status": "ok"}


async def test_it_is_ready_when_every_check_passes() -> None:
    async def fine() -> str | None:
        return None

    async with served(application(database=fine, slack=fine)) as client:
        answer = await client.get("/readyz")
        assert (answer.status, await answer.json()) == (200, {"status": "ready"})


async def test_it_says_why_it_is_not_ready() -> None:
    async def fine() -> str | None:
        return None

    async def behind() -> str | None:
        return "two migrations behind"

    async def broken() -> str | None:
        raise ConnectionError("password hunter2")

    async with served(application(slack=fine, database=behind, scheduler=broken)) as client:
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert (await answer.json())["reasons"] == {
            "database": "two migrations behind",
            "scheduler": "failed (ConnectionError)",
        }


async def test_a_check_that_hangs_is_a_reason_and_does_not_hang_the_answer() -> None:
    async def hangs() -> str | None:
        await asyncio.sleep(60)
        return None

    async with served(application(database=hangs)) as client:
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert "no answer" in (await answer.json())["reasons"]["database"]


@pytest.mark.parametrize("path", ["/api/incidents", "/api/incidents/INC-1"])
@pytest.mark.parametrize("sent", [None, "Bearer wrong", "Bearer ", "Basic right", "right", "Bearer rïght"])
async def test_the_api_refuses_whoever_has_no_token(path: str, sent: str | None) -> None:
    async with served(application(tokens={"reporting": "right"})) as client:
        answer = await client.get(path, headers={"Authorization": sent} if sent else {})
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content_type == "application/problem+json"


async def test_the_api_refuses_everybody_while_no_token_is_configured() -> None:
    async with served(application()) as client:
        for sent in ("Bearer ", "Bearer x"):
            assert (await client.get("/api/incidents", headers={"Authorization": sent})).status == 401


async def test_the_api_gives_the_list_and_a_record_to_whoever_has_a_token() -> None:
    async with served(application(tokens={"a": "first", "b": "second"})) as client:
        client.session.headers["Authorization"] = "Bearer second"
        listed = await client.get("/api/incidents")
        assert [item["key"] for item in (await listed.json())["incidents"]] == ["INC-2", "INC-1"]
        one = await client.get("/api/incidents", params={"limit": "1"})
        assert len((await one.json())["incidents"]) == 1
        record = await client.get("/api/incidents/INC-1")
        assert (await record.json())["title"] == "Agent deletes orders"


async def test_an_unknown_key_is_a_404_that_says_so() -> None:
    async with served(application(tokens={"a": "t"})) as client:
        answer = await client.get("/api/incidents/INC-9", headers={"Authorization": "Bearer t"})
        assert answer.status == 404
        assert (await answer.json())["detail"] == "There is no incident INC-9."


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "9999999999", "²"])
async def test_a_bad_limit_is_a_400(limit: str) -> None:
    async with served(application(tokens={"a": "t"})) as client:
        answer = await client.get("/api/incidents", params={"limit": limit}, headers={"Authorization": "Bearer t"})
        assert answer.status == 400


async def test_an_unexpected_error_gives_a_reference_and_no_detail() -> None:
    async with served(application()) as client:
        answer = await client.post("/slack/events", data="break")
        assert answer.status == 500
        body = await answer.json()
        assert len(body["reference"]) == 8
        assert "secret" not in str(body)
        assert "Traceback" not in str(body)


async def test_unknown_routes_and_wrong_methods_are_problems_too() -> None:
    async with served(application()) as client:
        assert (await (await client.get("/nowhere")).json())["status"] == 404
        answer = await client.get("/slack/events")
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


async def test_a_body_over_four_mebibytes_is_refused_and_three_are_taken() -> None:
    async with served(application()) as client:
        assert (await client.post("/slack/events", data=io.BytesIO(b"x" * 3 * 2**20))).status == 200
        assert (await client.post("/slack/events", data=io.BytesIO(b"x" * 5 * 2**20))).status == 413


async def test_the_answer_does_not_tell_the_servers_make() -> None:
    async with served(application()) as client:
        assert "Server" not in (await client.get("/healthz")).headers


async def test_requests_are_counted_by_route_and_not_by_path() -> None:
    async with served(application(tokens={"a": "t"})) as client:
        for key in ("INC-1", "INC-2", "INC-9"):
            await client.get(f"/api/incidents/{key}", headers={"Authorization": "Bearer t"})
        await client.get("/nowhere/at/all")
        text = await (await client.get("/metrics")).text()
    assert 'requests_total{method="GET",route="/api/incidents/{key}",status="200"} 2.0' in text
    assert 'requests_total{method="GET",route="/api/incidents/{key}",status="404"} 1.0' in text
    assert "INC-" not in text
    assert "/nowhere" not in text


async def test_gauges_are_counted_at_every_scrape_and_a_failing_one_is_left_out() -> None:
    jobs: dict[tuple[str, ...], float] = {("pending",): 3}
    metrics = Metrics()

    async def by_state() -> Mapping[tuple[str, ...], float]:
        return jobs

    async def broken() -> Mapping[tuple[str, ...], float]:
        raise ConnectionError

    metrics.count("jobs", "Jobs by state", ["state"], by_state)
    metrics.count("incidents", "Open incidents", ["severity"], broken)
    metrics.count("up", "Whether it is there", [], broken, otherwise=0)
    metrics.count("age_seconds", "How old it is", [], broken)
    app = build_application(
        slack_events=None, readiness=Readiness({}), metrics=metrics, api=IncidentApi(TwoRecords(), Bearers({}))
    )
    async with served(app) as client:
        text = await (await client.get("/metrics")).text()
        assert 'ai_incident_jobs{state="pending"} 3.0' in text
        assert "ai_incident_incidents{" not in text
        assert "\nai_incident_up 0.0\n" in text
        assert "\nai_incident_age_seconds NaN\n" in text
        jobs.clear()
        assert "pending" not in await (await client.get("/metrics")).text()
        assert (await client.post("/slack/events")).status == 404


async def test_methods_that_nothing_here_answers_are_counted_as_one() -> None:
    async with served(application()) as client:
        for method in ("PROPFIND", "SEARCH"):
            await client.request(method, "/healthz")
        text = await (await client.get("/metrics")).text()
    assert 'requests_total{method="other",route="none",status="405"} 2.0' in text
    assert "SEARCH" not in text


async def test_the_server_listens_on_a_port_of_the_systems_choice_and_knows_it() -> None:
    server = Server(application(), "127.0.0.1", 0)
    await server.start()
    async with ClientSession() as session:
        assert (await session.get(f"http://127.0.0.1:{server.port}/healthz")).status == 200
    await server.stop()


async def test_a_connection_that_comes_as_the_server_stops_is_closed_and_not_forgotten() -> None:
    """By the turn of the event loop at which it stops; what is forgotten warns when it is collected."""
    for turns in range(5):
        server = Server(application(), "127.0.0.1", 0)
        await server.start()
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as caller:
            for _ in range(turns):
                await asyncio.sleep(0)
            await server.stop()
            with suppress(ConnectionResetError):
                assert await asyncio.to_thread(caller.recv, 1) == b""
    gc.collect()


async def test_an_address_in_use_is_one_clear_line() -> None:
    first = Server(application(), "127.0.0.1", 0)
    await first.start()
    second = Server(application(), "127.0.0.1", first.port)
    with pytest.raises(BadSetup, match=f"PORT: {first.port} is in use"):
        await second.start()
    await first.stop()


async def test_an_address_that_is_not_ours_is_one_clear_line() -> None:
    with pytest.raises(BadSetup, match="HOST: can't listen on"):
        await Server(application(), "203.0.113.1", 0).start()
