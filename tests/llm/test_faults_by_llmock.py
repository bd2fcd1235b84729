"""The drafter against somebody else's idea of how a model's server fails: LLMock, on a real socket.

LLMock also judges how a client bears a fault: too many tries, tries of what can't work, a Retry-After not kept.
"""

import json

import pytest

from app.llm.openai_drafter import OpenAIDrafter
from app.ports.drafter import DrafterFailed
from tests.llm.test_openai_drafter import HONEST, LEAK, texts

FAULTS = {
    "outage": (lambda mock: mock.outage(), "the model's server failed"),
    "long_limit": (lambda mock: mock.rate_limit(times=None, retry_after=120), "over its limit"),
    "wrong_key": (lambda mock: mock.fail(401, times=None), "refused the key"),
    "unknown_model": (lambda mock: mock.fail(404, times=None), "does not know"),
    "too_long": (lambda mock: mock.context_overflow(times=None), "refused the request"),
    "slow": (lambda mock: mock.delay(1.5, times=None), "timed out"),
    "chatter": (lambda mock: mock.reply("Certainly! Here is your summary.", times=None), "could not be read"),
    "cut_off": (lambda mock: mock.reply('{"what_happened": [{"te', times=None), "could not be read"),
    "a_tool_call": (lambda mock: mock.call_tool("post_message", {"channel": "general"}, times=None), "was empty"),
}


@pytest.fixture
async def drafter(llmock):
    model = OpenAIDrafter("gpt-mock", api_key="sk-mock", base_url=llmock.base_url("openai"), timeout_seconds=20)
    yield model
    await model.close()


@pytest.fixture
async def quick(llmock):
    """One that waits half a second and no longer."""
    model = OpenAIDrafter("gpt-mock", api_key="sk-mock", base_url=llmock.base_url("openai"), timeout_seconds=0.5)
    yield model
    await model.close()


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_one_clause_and_the_client_behaves(llmock, drafter, quick, fault):
    inject, clause = FAULTS[fault]
    inject(llmock)
    with pytest.raises(DrafterFailed, match=clause):
        await (quick if fault == "slow" else drafter).draft_update(LEAK)
    bad = {one.code for one in llmock.verdict().findings if one.severity == "error"}
    # A server that takes no json_schema answers 400 just so: the next simpler shape is asked for.
    assert bad <= ({"retried_non_retryable"} if fault == "too_long" else set())


@pytest.mark.parametrize("passing", ["outage", "short_limit"])
async def test_a_fault_that_passes_costs_one_more_try(llmock, drafter, passing):
    llmock.fail(503) if passing == "outage" else llmock.rate_limit(retry_after=0.1)
    llmock.reply(json.dumps(HONEST))
    assert texts(await drafter.draft_update(LEAK))
    llmock.assert_resilient()
