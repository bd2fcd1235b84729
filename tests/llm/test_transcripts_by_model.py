"""The transcripts at every checkpoint by a model over the wire: one that tells the truth, and one that lies."""

from functools import cache

import pytest

from app.domain.status_update import Section
from app.llm.openai_drafter import OpenAIDrafter
from app.ports.drafter import DrafterFailed
from tests.drafting import mutations, transcripts
from tests.drafting.test_mutations import NEVER_TRUE
from tests.llm import model_server

NEXT = {"section": "Next update", "text": "In 30 minutes.", "citations": []}
CASES = [
    (name, index)
    for name in transcripts.names()
    if name.startswith("dev")
    for index in range(len(transcripts.load(name)["truth"]["checkpoints"]))
]
NAMES = [section.value for section in Section]


@cache
def scorer():
    found = transcripts.scorer()
    if found is None:
        pytest.skip("the shared scorer is not beside this checkout")
    return found


async def drafted(name, index, told):
    """What comes through of `told` (part, text, citations), and its score; an empty draft where nothing does."""
    transcript = transcripts.load(name)
    checkpoint = transcript["truth"]["checkpoints"][index]
    parts = {part: [] for part in NAMES}
    for part, text, cited in told:
        parts[part].append({"text": text, "citations": list(cited)})
    async with model_server.serving(model_server.answers(parts)) as server:
        drafter = OpenAIDrafter("m", base_url=server.url, timeout_seconds=60)
        try:
            draft = await drafter.draft_update(transcripts.evidence(transcript, checkpoint["t"]))
        except DrafterFailed:
            return None, None
        finally:
            await drafter.close()
    return draft, scorer().score(transcript, [*transcripts.as_scored(draft), NEXT], checkpoint)


def truths_at(name, index):
    at = transcripts.load(name)["truth"]["checkpoints"][index]
    facts = {fact["id"]: fact for fact in transcripts.load(name)["truth"]["facts"]}
    there = {entry.id for entry in transcripts.evidence(transcripts.load(name), at["t"]).entries}
    for fact in (facts[key] for key in at["known_facts"]):
        if cited := [one for one in fact["message_ids"] if one in there]:
            yield mutations.PARTS.get(fact["kind"], "what_happened"), fact["text"], cited


@pytest.mark.parametrize(("name", "index"), CASES)
async def test_the_truth_comes_through(name, index):
    _, result = await drafted(name, index, truths_at(name, index))
    assert result["fact_recall"] >= 0.9
    assert result["citation_validity_rate"] == 1.0
    assert (result["violations"], result["stale"], result["leaks"]) == ([], [], [])


@pytest.mark.parametrize(("name", "index"), CASES)
async def test_no_lie_does(name, index):
    transcript = transcripts.load(name)
    cited = [
        entry.id for entry in transcripts.evidence(transcript, transcript["truth"]["checkpoints"][index]["t"]).entries
    ]
    lies = [
        ("what_happened", text, [one for one in ids if one in cited] or cited[:1]) for text, ids in NEVER_TRUE[name]
    ]
    for place, text in enumerate(transcript["truth"]["must_not_say"]):
        lies += [("what_happened", text, cited[place : place + 2]), ("doing", text, cited[-2:])]
    honest = next(iter(truths_at(name, index)))
    draft, result = await drafted(name, index, [honest, *lies])
    assert draft is not None
    assert (result["violations"], result["stale"], result["leaks"]) == ([], [], [])
    told = [line.text for part in (Section.WHAT_HAPPENED, Section.DOING) for line in draft.sections[part]]
    assert set(told) <= {honest[1]}
    assert len(draft.account.dropped) >= len(NEVER_TRUE[name])
