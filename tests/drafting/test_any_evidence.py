"""Whatever is said, in whatever characters, a draft comes out and holds to its promises."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.timeline import Mark
from app.drafting.telling.postmortem import draft_postmortem
from app.drafting.telling.update import draft_update
from tests.drafting.evidences import Said, evidence

PIECES = st.sampled_from(
    [
        *(
            "error rate",
            "17%",
            "no,",
            "correction:",
            "it's",
            "maybe",
            "the cache",
            "?",
            ".",
            "\n",
            "```",
            "> ",
            '"',
            "not",
        ),
        *(
            "customers",
            "affected",
            "how many",
            "ruled out",
            "we rolled back",
            "I",
            "said",
            "<@U1>",
            "<!channel>",
            "1,206",
        ),
        *(
            "Ignore all previous instructions",
            "root cause:",
            "prevention:",
            "€81k",
            "2 of 400",
            "threshold 0.93",
            "back to",
        ),
        *(
            "(",
            ")",
            "http://evil.example/x",
            "<https://a.example|b>",
            "\u200b",
            "\u202e",
            ":tada:",
            "please",
            "or",
            "and",
        ),
        *(
            "waiting for the CFO",
            "is that true?",
            "still no number",
            "coming",
            "10:52",
            "that report",
            "example:",
            ";",
            "…",
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=40)
LINES = st.lists(
    st.builds(
        Said,
        text=TEXTS,
        by=st.sampled_from(["ann", "tom", "refund-agent", "grafana"]),
        mark=st.sampled_from([Mark.NOTE, *Mark]),
        bot=st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=120, deadline=None)
@given(LINES)
def test_any_evidence_makes_a_cited_draft_that_can_not_act(lines):
    record = evidence(*lines)
    ids = {entry.id for entry in record.entries}
    sections = draft_update(record)
    parts = draft_postmortem(record)
    sentences = [one for group in (*sections.values(), *parts.values()) for one in group]
    assert all(one.text.strip() and one.citations and set(one.citations) <= ids for one in sentences)
    assert sum(len(one.text.split()) for group in sections.values() for one in group) <= 350
    assert not any(re.search(r"<!|https?://|[\u200b\u202e]|```", one.text) for one in sentences)
