"""A model's server in trouble is left alone, then probed by one draft."""

import asyncio

import pytest

from app.llm.breaker import FAILURES, PAUSE_SECONDS, Breaker
from app.llm.openai_drafter import OpenAIDrafter
from app.ports.drafter import DrafterFailed
from tests.llm import model_server
from tests.llm.test_openai_drafter import HONEST, LEAK


class Hands:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


class Site:
    """A model's server that answers what it is told to at the moment."""

    def __init__(self) -> None:
        self.answer = model_server.sends("{}", status=401)

    async def __call__(self, request, body):
        return await self.answer(request, body)


async def fail(breaker, times=1):
    for _ in range(times):
        with pytest.raises(DrafterFailed) as failed:
            await breaker.draft_update(LEAK)
    return str(failed.value)


@pytest.fixture
async def trouble():
    site, hands = Site(), Hands()
    async with model_server.serving(site) as server:
        drafter = OpenAIDrafter("m", base_url=server.url, timeout_seconds=5)
        yield site, hands, server, Breaker(drafter, hands)
        await drafter.close()


async def test_after_some_failures_nobody_asks_until_the_pause_is_over(trouble):
    _, hands, server, breaker = trouble
    await fail(breaker, FAILURES)
    asked = len(server.asked)
    assert "left alone for now" in await fail(breaker)
    hands.at += PAUSE_SECONDS - 1
    assert "left alone for now" in await fail(breaker)
    assert len(server.asked) == asked


async def test_one_draft_is_the_probe_and_opens_the_way_again(trouble):
    site, hands, server, breaker = trouble
    await fail(breaker, FAILURES)
    hands.at += PAUSE_SECONDS
    asked = len(server.asked)
    site.answer = model_server.answers(HONEST)
    drafts = await asyncio.gather(*(breaker.draft_update(LEAK) for _ in range(3)), return_exceptions=True)
    assert [isinstance(one, DrafterFailed) for one in drafts] == [False, True, True]
    assert len(server.asked) == asked + 1
    assert (await breaker.draft_update(LEAK)).account.model == "m"


async def test_a_probe_that_fails_closes_it_again(trouble):
    _, hands, server, breaker = trouble
    await fail(breaker, FAILURES)
    hands.at += PAUSE_SECONDS
    assert "refused the key" in await fail(breaker)
    assert "left alone for now" in await fail(breaker)
    assert len(server.asked) == FAILURES + 1


async def test_a_long_retry_after_is_obeyed_at_once(trouble):
    site, hands, server, breaker = trouble

    async def limited(*_):
        return model_server.web.json_response({}, status=429, headers={"Retry-After": "600"})

    site.answer = limited
    assert "over its limit" in await fail(breaker)
    assert len(server.asked) == 1, "nobody waits ten minutes, or asks again"
    hands.at += 599
    assert "left alone for now" in await fail(breaker)
    hands.at += 1
    site.answer = model_server.answers(HONEST)
    assert (await breaker.draft_update(LEAK)).account.model == "m"


async def test_bad_answers_are_no_trouble_of_the_server(trouble):
    site, _, server, breaker = trouble
    site.answer = model_server.answers("I'd be glad to help!")
    assert "could not be read" in await fail(breaker, FAILURES + 2)
    assert len(server.asked) == FAILURES + 2
