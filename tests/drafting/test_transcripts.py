"""Drafts of whole transcripts, scored against what is known to be true of them."""

from functools import cache

import pytest

from app.drafting.telling.postmortem import draft_postmortem
from app.drafting.telling.update import draft_update
from app.ports.drafter import Draft, DrafterAccount, PostmortemDraft
from tests.drafting import transcripts

NEXT = {"section": "Next update", "text": "In 30 minutes.", "citations": []}
ACCOUNT = DrafterAccount("extractive")
CASES = [
    (name, index)
    for name in transcripts.names()
    for index in range(len(transcripts.load(name)["truth"]["checkpoints"]))
]


@cache
def scorer():
    found = transcripts.scorer()
    if found is None:
        pytest.skip("the shared scorer is not beside this checkout")
    return found


@cache
def update_score(name, index, words):
    transcript = transcripts.load(name)
    checkpoint = transcript["truth"]["checkpoints"][index]
    sections = draft_update(transcripts.evidence(transcript, checkpoint["t"]), words)
    return scorer().score(transcript, [*transcripts.as_scored(Draft(sections, ACCOUNT)), NEXT], checkpoint)


def postmortem_score(name):
    transcript = transcripts.load(name)
    checkpoint = transcript["truth"]["checkpoints"][-1]
    parts = draft_postmortem(transcripts.evidence(transcript, checkpoint["t"]))
    return scorer().score(transcript, transcripts.as_scored(PostmortemDraft(parts, ACCOUNT)), checkpoint)


@pytest.mark.parametrize(("name", "index"), CASES)
def test_an_update_is_true_and_cited_at_every_moment(name, index):
    result = update_score(name, index, 350)
    assert result["words"] <= 350 + len(NEXT["text"].split())
    assert result["citation_validity_rate"] == 1.0
    assert result["uncited_sentence_share"] == 0.0
    assert result["numbers_not_in_cited_messages"] == []
    assert result["violations"] == []
    assert result["stale"] == []
    assert result["leaks"] == []
    assert result["unknowns_non_empty"]


@pytest.mark.parametrize(("words", "recall"), [(350, 0.9), (250, 0.85)])
@pytest.mark.parametrize("kind", ["dev", "own"])
def test_updates_tell_what_was_known(kind, words, recall):
    scores = [update_score(name, index, words) for name, index in CASES if name.startswith(kind)]
    assert sum(score["fact_recall"] for score in scores) / len(scores) >= recall


def test_updates_tell_what_was_not_known():
    scores = [update_score(name, index, 350) for name, index in CASES if name.startswith("dev")]
    assert sum(score["unknown_recall"] for score in scores) / len(scores) >= 0.85


@pytest.mark.parametrize("name", transcripts.names())
def test_a_postmortem_is_true_cited_and_nearly_whole(name):
    result = postmortem_score(name)
    assert result["words"] <= 900
    assert result["fact_recall"] >= 0.85
    assert result["citation_validity_rate"] == 1.0
    assert result["uncited_sentence_share"] == 0.0
    assert result["violations"] == []
    assert result["stale"] == []
    assert result["leaks"] == []
    assert result["missing_sections"] == []
