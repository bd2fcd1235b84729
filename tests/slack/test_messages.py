"""Every notice can be posted, says its point in one line, and can't act."""

from __future__ import annotations

import json

import pytest

from app.domain.incident import Kind, Status
from app.domain.notices import Card, Notice, Opening, Problem, StatusChanged, UpdatePublished, UpdateReview
from app.domain.roles import Role
from app.domain.status_update import UpdateStatus
from app.slack.ids import Action
from app.slack.messages import render
from app.workspace.blocks.checks import check_blocks, too_long
from tests.slack.samples import HOLDERS, LINK, SAMPLES, Sample, acting, as_json, values_of

calm = SAMPLES["calm"]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_notice_is_accepted_by_slack(name):
    for notice in SAMPLES[name].notices():
        text, blocks = render(notice)
        assert check_blocks(blocks, "message") == [], type(notice)
        assert not too_long(blocks), type(notice)
        assert 0 < len(text) < 4000


@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_from_people_can_act(name):
    for notice in SAMPLES[name].notices():
        text, blocks = render(notice)
        # A problem goes to one person and names people as mentions, which ping nobody there.
        shown = as_json(blocks).replace("<@U0VICTIM>", "") if isinstance(notice, Problem) else as_json(blocks)
        assert acting([*json.loads(shown), {"type": "mrkdwn", "text": text}]) == [], type(notice)


def test_every_kind_of_notice_is_drawn():
    assert {type(notice) for notice in calm.notices()} == set(Notice.__subclasses__())


def test_the_text_alone_tells_the_point():
    incident = Sample("The agent deletes orders", 24).incident()
    assert render(Card(incident, {}))[0] == "INC-7 SEV2 investigating: The agent deletes orders"
    assert render(StatusChanged(incident, Status.CONTAINED, "sev2", "U0ADA"))[0] == (
        "INC-7 is investigating (was contained)"
    )
    assert render(StatusChanged(incident, incident.status, "sev1", "U0ADA"))[0] == "INC-7 is SEV2 (was SEV1)"


def test_the_card_offers_each_vacant_role_once():
    _, blocks = render(Card(calm.incident(), HOLDERS))
    taken = {f"INC-7:{role}" for role in HOLDERS}
    assert values_of(blocks, "value") & {f"INC-7:{role}" for role in Role} == {f"INC-7:{role}" for role in Role} - taken
    assert "<@U0ADA>" in as_json(blocks)


def test_a_drill_says_that_it_is_one():
    text, blocks = render(Card(calm.incident(kind=Kind.DRILL), {}))
    assert text.startswith("DRILL")
    assert "DRILL · INC-7" in as_json(blocks)


def test_a_draft_can_be_approved_and_an_approved_one_published():
    draft = values_of(render(UpdateReview(calm.incident(), calm.update()))[1], "action_id")
    assert draft == {Action.UPDATE_APPROVE, Action.UPDATE_DRAFT, Action.UPDATE_DISCARD}
    approved = values_of(render(UpdateReview(calm.incident(), calm.update(UpdateStatus.APPROVED)))[1], "action_id")
    assert approved == {Action.UPDATE_PUBLISH, Action.UPDATE_DRAFT, Action.UPDATE_DISCARD}


def test_citations_lead_to_the_messages():
    drawn = as_json(render(UpdatePublished(calm.incident(), calm.update(), {12: LINK}))[1])
    assert f"<{LINK}|[12]> [15]" in drawn
    assert "(no source)" in drawn


def test_an_update_of_any_length_is_posted_within_the_limit():
    long = Sample("word & word < word ", 2900)
    _, blocks = render(UpdatePublished(long.incident(), long.update(sentences=8), {12: LINK}))
    assert not too_long(blocks)
    assert "in the incident's record" in as_json(blocks)


def test_the_link_appears_when_the_channel_is_there():
    assert "Opening INC-7…" in as_json(render(Opening(calm.incident(channel_id=None)))[1])
    assert "<#C0INC7>" in as_json(render(Opening(calm.incident()))[1])
