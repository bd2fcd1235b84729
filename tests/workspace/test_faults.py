"""Failures made on purpose strike as planned."""

import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.workspace import faults


@pytest.fixture
async def site(bench: Any) -> Any:
    site = await bench.workspace()
    app = site.workspace.app
    site.client = AsyncWebClient(token=app.bot_token, base_url=site.server.api_url, retry_handlers=[])
    return site


async def post(site: Any, text: str = "hello") -> Any:
    return await site.client.chat_postMessage(channel=site.workspace.channel("ai-incidents").id, text=text)


def posted(site: Any) -> list[str]:
    return [one.text for one in site.workspace.person("ada").messages("ai-incidents") if one.bot_id]


async def test_an_error_strikes_as_often_as_planned(site: Any) -> None:
    site.workspace.faults.add(method="chat.postMessage", times=2, kind=faults.error("fatal_error"))
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            await post(site)
    await post(site)
    assert [one.outcome for one in site.workspace.calls] == ["fatal_error", "fatal_error", "ok"]
    assert posted(site) == ["hello"]


async def test_a_rate_limit_names_the_wait(site: Any) -> None:
    site.workspace.faults.add("*", faults.ratelimited(7))
    with pytest.raises(SlackApiError) as limited:
        await post(site)
    assert limited.value.response.headers["Retry-After"] == "7"


async def test_a_lost_answer_means_the_message_is_there(site: Any) -> None:
    site.workspace.faults.add("chat.postMessage", faults.lost_answer())
    with pytest.raises(aiohttp.ClientError):
        await post(site)
    assert posted(site) == ["hello"]


async def test_a_dropped_call_did_nothing(site: Any) -> None:
    site.workspace.faults.add("chat.postMessage", faults.dropped())
    with pytest.raises(aiohttp.ClientError):
        await post(site)
    assert posted(site) == []


async def test_a_broken_server_answers_500(site: Any) -> None:
    site.workspace.faults.add("chat.postMessage", faults.http_500())
    with pytest.raises(SlackApiError) as broken:
        await post(site)
    assert broken.value.response.status_code == 500


async def test_a_slow_call_works_in_the_end(site: Any) -> None:
    site.workspace.faults.add("chat.postMessage", faults.slow(0.2))
    began = time.monotonic()
    await post(site)
    assert time.monotonic() - began >= 0.2


async def test_a_fault_can_choose_its_calls_and_be_lifted(site: Any) -> None:
    planned = site.workspace.faults.add(
        "chat.postMessage", faults.error("fatal_error"), times=None, when=lambda args: "bad" in args["text"]
    )
    await post(site, "good")
    with pytest.raises(SlackApiError):
        await post(site, "bad")
    site.workspace.faults.clear()
    await post(site, "bad")
    assert planned.struck == 1
