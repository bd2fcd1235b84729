"""What a long incident's drafts cost a model over the wire: what is new, not the whole channel each time."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from app.domain.status_update import Audience, Section
from app.llm.extractive_drafter import ExtractiveDrafter
from app.llm.openai_drafter import OpenAIDrafter
from app.services.drafts.drafts import Drafts
from app.store import SqlStore
from tests.drafting import transcripts
from tests.llm import model_server
from tests.services.incident_channel import ANA, BEN, Talk, declared, said

MESSAGES = 1000
UPDATES = 20
ENTRY = re.compile(r"(?m)^\[(\d+)\] \d\d:\d\d [\w.-]+(?: \([^)]*\))?: (.*)$")
TOLD = re.compile(r"(?m)^- (.*) \[([\d, ]+)\]$")


def channel() -> list[str]:
    """A thousand messages of real talk: those of every transcript, one after the other, over again."""
    texts = [
        str(message["text"])
        for name in transcripts.names()
        for message in transcripts.load(name)["messages"]
        if message.get("text") and "edit_of" not in message
    ]
    return [f"{text}, wave {turn}" if turn else text for turn in range(3) for text in texts][:MESSAGES]


async def retelling(_: web.Request, body: dict[str, Any]) -> web.Response:
    """Keeps the newest of what it told before and adds the longest of what is new, word for word."""
    asked = body["messages"][-1]["content"]
    before = [(text, [int(one) for one in cited.split(",")]) for text, cited in TOLD.findall(asked)]
    new = sorted(((text, [int(cited)]) for cited, text in ENTRY.findall(asked)), key=lambda one: -len(one[0]))
    told = [{"text": text, "citations": cited} for text, cited in [*before[-16:], *new[:6]]]
    answer = model_server.completion({"what_happened": told})
    read = sum(len(message["content"]) for message in body["messages"]) // 4
    answer["usage"] = {"prompt_tokens": read, "completion_tokens": 400, "total_tokens": read + 400}
    return web.json_response(answer)


async def test_twenty_updates_over_a_thousand_messages_read_at_most_three_times_the_channel(store: SqlStore) -> None:
    incident = await declared(store)
    talk = Talk(store)
    texts = channel()
    own_tokens = sum(len(text) for text in texts) // 4
    read: list[int] = []
    async with model_server.serving(retelling) as server:
        model = OpenAIDrafter("m", base_url=server.url)
        drafts = Drafts(store, talk.clock, ExtractiveDrafter(), model=model)
        step = MESSAGES // UPDATES
        for begin in range(0, MESSAGES, step):
            chunk = texts[begin : begin + step]
            await talk.take(*(said(begin + n, text, (ANA, BEN)[n % 2]) for n, text in enumerate(chunk)))
            talk.clock.move(begin + step)
            draft = await drafts.best(ANA, incident.key, Audience.RESPONDERS)
            assert draft.account.model == "m", draft.account.note
            read.append(draft.account.input_tokens or 0)
        await model.close()
    print(own_tokens, sum(read))
    assert len(draft.sections[Section.WHAT_HAPPENED]) >= 10
    assert sum(read) <= 3 * own_tokens
    assert sum(read[10:]) < 2 * sum(read[:10]), "the k-th draft costs what is new"
