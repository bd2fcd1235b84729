"""What a model wrote and the record does not carry goes back to it once, with the reasons, and is then left out."""

from aiohttp import web

from app.domain.status_update import Section
from app.ports.drafter import Dropped
from tests.llm import model_server
from tests.llm.test_openai_drafter import HONEST, LEAK, drafting, texts

WRONG = {"text": "2,130 conversations contain foreign orders.", "citations": [4]}
RIGHT = {"text": "At first 31 conversations were counted, corrected to 213 conversations.", "citations": [3, 4]}


def in_turn(*contents):
    """Gives the contents one after the other, the last for ever."""
    left = list(contents)

    async def answer(request: web.Request, body) -> web.StreamResponse:
        content = left.pop(0) if len(left) > 1 else left[0]
        return await (content if callable(content) else model_server.answers(content))(request, body)

    return answer


def wrong_once():
    return {**HONEST, "what_happened": [*HONEST["what_happened"], WRONG]}


async def test_a_sentence_that_fails_is_sent_back_with_the_reason_and_the_entries_it_may_rest_on():
    async with drafting(in_turn(wrong_once(), {"what_happened": [RIGHT]})) as (drafter, server):
        draft = await drafter.draft_update(LEAK)
    asked = server.asked[1]["messages"][1]["content"]
    assert "the number 2130 is not in what it cites" in asked
    assert "213 conversations" in asked
    assert "ZX-77-QUARTZ" not in asked, "entries that have nothing to do with it are not sent again"
    assert RIGHT["text"] in texts(draft, Section.WHAT_HAPPENED)
    assert (draft.account.passed, draft.account.repaired, draft.account.dropped) == (5, 1, ())
    assert draft.account.note == ""


async def test_what_fails_again_is_left_out_and_told_with_the_reason():
    async with drafting(in_turn(wrong_once())) as (drafter, server):
        draft = await drafter.draft_update(LEAK)
    assert len(server.asked) == 2, "it is sent back once"
    assert WRONG["text"] not in texts(draft)
    assert draft.account.dropped == (Dropped(WRONG["text"], "the number 2130 is not in what it cites"),)
    assert draft.account.note.startswith("1 sentence was left out")


async def test_a_model_that_does_not_answer_again_keeps_what_held():
    async with drafting(in_turn(wrong_once(), model_server.sends("{}", status=401))) as (drafter, _):
        draft = await drafter.draft_update(LEAK)
    assert texts(draft, Section.WHAT_HAPPENED) == [line["text"] for line in HONEST["what_happened"]]
    assert [one.text for one in draft.account.dropped] == [WRONG["text"]]


async def test_time_runs_out_for_the_repair_alone():
    async with drafting(in_turn(wrong_once(), model_server.sleeps(4)), timeout_seconds=0.6) as (drafter, _):
        draft = await drafter.draft_update(LEAK)
    assert texts(draft, Section.DOING)
    assert draft.account.dropped


async def test_the_second_question_opens_like_the_first_so_that_it_is_cached():
    async with drafting(in_turn(wrong_once())) as (drafter, server):
        await drafter.draft_update(LEAK)
    first, second = (body["messages"][0]["content"] for body in server.asked)
    assert second.startswith(first)


async def test_the_account_tells_prompt_evidence_and_checks():
    async with drafting(in_turn(wrong_once())) as (drafter, _):
        account = (await drafter.draft_update(LEAK)).account
    assert account.prompt is not None
    assert account.prompt.startswith("update-")
    assert set(account.evidence_ids) == {entry.id for entry in LEAK.entries}
    assert (account.input_tokens, account.output_tokens) == (240, 68), "both rounds are counted"
