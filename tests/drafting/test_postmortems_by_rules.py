"""What a postmortem made by rules holds, part by part."""

import re

from app.domain.postmortem import Part
from app.drafting.telling.postmortem import draft_postmortem
from tests.drafting.evidences import evidence, said

STORY = (
    said("[FIRING] refunds_per_minute > 40 (current 118)", by="grafana", bot=True, minutes=0),
    said("this is an incident, I'm IC", by="noor", minutes=13),
    said("so far 2,340 refunds, about €81k", by="olek", minutes=15),
    said("maybe the marketing campaign?", by="raj", minutes=16),
    said("nope. vouchers don't go through refunds", by="bea", to=3, minutes=17),
    said("gateway limit is set to 0 for the agent", by="raj", minutes=22),
    said("recount: 2,196 refunds, €76,400", by="olek", minutes=60),
    said("resumed with an approval gate", by="raj", minutes=300),
    said("review. root cause: the tool description let the agent approve its own refunds", by="noor", minutes=2000),
    said("detection: the alert fired but had no owner at night", by="bea", minutes=2001),
    said("what went well: the limit took 9 minutes", by="bea", minutes=2002),
    said("I'll add a permission switch per agent by Friday", by="raj", minutes=2003),
)


def parts():
    return draft_postmortem(evidence(*STORY))


def texts(part):
    return [sentence.text for sentence in parts()[part]]


def test_every_part_is_there_and_every_sentence_cites_the_record():
    ids = set(range(1, len(STORY) + 1))
    assert set(parts()) == set(Part)
    assert all(sentence.citations and set(sentence.citations) <= ids for part in parts().values() for sentence in part)


def test_no_evidence_makes_an_empty_postmortem():
    assert not any(draft_postmortem(evidence()).values())


def test_the_timeline_opens_each_sentence_with_its_time_in_order():
    timeline = texts(Part.TIMELINE)
    assert timeline[0].startswith("3 Mar 08:00 UTC: Alert FIRING")
    assert all(re.match(r"\d{1,2} \w{3} \d\d:\d\d UTC: ", text) for text in timeline)
    assert "3 Mar 08:22 UTC: Gateway limit is set to 0 for the agent." in timeline


def test_the_root_cause_is_what_people_said_it_was():
    assert any(text.startswith("Root cause: the tool description") for text in texts(Part.ROOT_CAUSE))
    assert any(text.startswith("Ruled out: the marketing campaign") for text in texts(Part.ROOT_CAUSE))


def test_the_impact_has_the_corrected_number_alone():
    impact = "\n".join(texts(Part.IMPACT))
    assert "2,196" in impact
    assert not any("2,340" in text for part in Part for text in texts(part))


def test_detection_tells_who_noticed_and_how_long_it_took():
    detection = texts(Part.DETECTION_REVIEW)
    assert detection[0].startswith("The first sign in the record came from an automatic alert on 3 Mar 08:00 UTC")
    assert detection[1] == "The incident was opened on 3 Mar 08:13 UTC, 13 min after the first sign."
    assert any("no owner at night" in text for text in detection)


def test_the_response_tells_what_went_well_and_how_fast_the_first_measure_was():
    response = texts(Part.RESPONSE_REVIEW)
    assert any("recorded 9 min after the incident was opened" in text for text in response)
    assert any("What went well" in text for text in response)


def test_the_prevention_plan_is_only_what_somebody_said_they_would_do():
    assert texts(Part.PREVENTION_PLAN) == ["We will add a permission switch per agent by Friday."]
