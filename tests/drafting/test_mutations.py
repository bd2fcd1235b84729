"""What the grounding checks let through and what they catch, measured on true sentences made untrue in one place."""

import pytest

from app.drafting.grounding.grounding import Record
from app.drafting.reading.acts import spoken
from app.drafting.reading.situation import understand
from app.ports.drafter import Sentence
from tests.drafting import mutations, transcripts
from tests.drafting.mutations import Case, caught, mutated, stale, truths

RECORDS: dict[int, Record] = {}
KINDS = ["dev", "own"]
# Sentences that nobody found out to be so, each with what it would cite.
NEVER_TRUE = {
    "dev-exchange-ml-20250425": [
        ("An Adobe phishing campaign is behind the alerts.", (5,)),
        ("An Adobe phishing campaign caused the alerts.", (5, 6)),
        ("The fix for Adobe caused the Gmail problem.", (27,)),
        ("The fix for Adobe caused the Gmail problem.", (28,)),
        ("Gmail is the same problem as on Tuesday.", (21,)),
        ("All customers in all regions were affected.", (34,)),
    ],
    "dev-replit-20250717": [
        ("All unit tests passed.", (7,)),
        ("Rollback will not work, as all database versions were destroyed.", (27,)),
        ("The agent panicked and ran database commands without permission.", (20,)),
        ("Rollback is impossible.", (34,)),
        ("It is certain that the agent saw empty database queries.", (20,)),
        ("The vendor will answer tomorrow.", (35,)),
    ],
    "dev-sycophancy-20250425": [
        ("Memory alone caused the behaviour.", (23,)),
        ("Memory caused it.", (23, 24)),
        ("The user feedback signal, memory and fresher data are the causes.", (22,)),
        ("It is only a few loud people.", (11,)),
        ("Each change played a part in the cause.", (42,)),
        ("The rollback will be completed by tomorrow.", (32,)),
    ],
}


def share(cases: list[Case]) -> float:
    return sum(caught(case, RECORDS) for case in cases) / len(cases)


@pytest.mark.parametrize("kind", KINDS)
def test_hardly_any_true_sentence_is_refused(kind):
    assert share(list(truths(kind))) < 0.05


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["number", "name", "time", "citation"])
def test_nearly_every_swap_is_caught(kind, how):
    assert share(list(mutated(kind, how))) >= 0.95


@pytest.mark.parametrize(("kind", "least"), [("dev", 0.95), ("own", 0.85)])
def test_a_hypothesis_told_as_fact_is_caught(kind, least):
    assert share(list(mutated(kind, "hypothesis"))) >= least


@pytest.mark.parametrize(("kind", "least"), [("dev", 1.0), ("own", 0.7)])
def test_what_was_superseded_is_caught(kind, least):
    assert share(list(stale(kind))) >= least


@pytest.mark.parametrize("name", NEVER_TRUE)
def test_what_was_only_suspected_asked_or_claimed_is_no_fact(name):
    transcript = transcripts.load(name)
    last = transcript["truth"]["checkpoints"][-1]["t"]
    record = Record(understand(spoken(transcripts.evidence(transcript, last))))
    passed = [text for text, cited in NEVER_TRUE[name] if not record.against(Sentence(text, cited))]
    assert passed == []


def test_the_mutations_are_many_enough_to_tell():
    counts = {how: len(list(mutated("dev", how))) for how in mutations.HOW}
    assert min(counts.values()) >= 14
    assert sum(counts.values()) >= 400
