"""The notification regimes: complete, sourced, and told with file and line where somebody's own are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import BadSetup
from app.domain.regime import Answer, Standing
from app.knowledge.clocks import built_in, clocks_with
from app.knowledge.playbook_files import load_playbooks

OWN = """regimes:
  - key: house
    name: Our regulator
    article: Licence 4.2
    source: The licence
    confidence: high
    standing: in_force
    status: In force.
    who: We
    trigger: Anything
    when: [eu]
    phases:
      - key: call
        name: Call
        limits: [{after: awareness, hours: 2}]
"""


def answered(*facts: str) -> dict[str, Answer]:
    """Those facts hold of what is asked first, the others don't."""
    first = [one.key for one in (*built_in().where, *built_in().what)]
    return dict.fromkeys(first, Answer.NO) | dict.fromkeys(facts, Answer.YES)


def keys(answers: dict[str, Answer]) -> set[str]:
    return {one.key for one in built_in().candidates(answers)}


def test_every_regime_names_its_article_and_source_and_how_good_that_is() -> None:
    assert len(built_in().regimes) == 26
    for regime in built_in().regimes:
        assert regime.article
        assert regime.source
        assert regime.confidence


def test_facts_lead_to_the_regimes_that_may_apply() -> None:
    leak = answered("eu", "personal_data") | {
        "controller": Answer.YES,
        "processor": Answer.NO,
        "ai_provider": Answer.NO,
    }
    assert keys(leak) == {"gdpr_33", "gdpr_34"}
    assert keys(leak | {"risk_to_people": Answer.NO}) == {"gdpr_33"}
    death = answered("eu", "death") | {
        "ai_provider": Answer.YES,
        "high_risk_ai": Answer.YES,
        "gpai_systemic": Answer.NO,
    }
    assert keys(death | {"ai_deployer": Answer.NO, "widespread": Answer.NO}) == {"eu_ai_act_73_2", "eu_ai_act_73_4"}
    assert keys(answered("california")) == {"ca_sam_4986"}
    assert keys(answered("korea", "death")) == set()


def test_what_nobody_knows_keeps_a_regime_in_sight() -> None:
    assert "gdpr_33" in keys(answered("eu", "personal_data") | {"controller": Answer.UNSURE})


def test_only_questions_that_still_decide_something_are_asked() -> None:
    asked = {one.key for one in built_in().still_to_ask(answered("uk", "personal_data"))}
    assert asked == {"controller"}
    again = built_in().still_to_ask(answered("uk", "personal_data") | {"controller": Answer.NO})
    assert {one.key for one in again} == {"controller"}


def test_regimes_without_a_clock_are_information() -> None:
    found = built_in().information(answered("korea", "china", "colorado"))
    assert {one.key for one in found} == {"kr_ai_basic_act", "cn_ai_measures", "co_sb26_189"}
    assert all(one.standing is Standing.NO_CLOCK for one in found)


def test_an_operators_file_adds_regimes_and_replaces_them(tmp_path: Path) -> None:
    (tmp_path / "clocks.yml").write_text(OWN + OWN.replace("regimes:\n", "").replace("house", "gdpr_33"))
    own = clocks_with(tmp_path)
    assert len(own.regimes) == 27
    assert own.regime("gdpr_33").name == "Our regulator"  # type: ignore[union-attr]
    assert clocks_with(None) is built_in()
    # The playbooks lie in the same folder, and are none the worse for it.
    assert load_playbooks(tmp_path)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (OWN.replace("hours: 2", "hours: two"), r"line 15: .*hours must be .*whole number, not “two”"),
        (OWN.replace("hours: 2", "hours: 2, days: 1"), r"line 15: .*exactly one"),
        (OWN.replace("after: awareness", "after: lunch"), r"line 2: .*counts from lunch"),
        (OWN.replace("    who: We\n", ""), r"line 2: .*who is missing"),
        (OWN.replace("[eu]", "[mars]"), r"line 2: house: no question asks for mars"),
        (OWN.replace("    who: We", "    zone: Mars/Base\n    who: We"), r"line 2: house: there is no time zone"),
        (OWN.replace("who: We", "whom: We"), r"line 9: .*whom is no field here; did you mean who"),
        (OWN + OWN.replace("regimes:\n", ""), r"line 16: house stands there twice"),
        ("regimes: [", r"line \d: is not YAML"),
    ],
)
def test_a_bad_file_is_refused_naming_file_and_line(tmp_path: Path, wrong: str, told: str) -> None:
    (tmp_path / "clocks.yml").write_text(wrong)
    with pytest.raises(BadSetup, match=rf"PLAYBOOKS_DIR: clocks\.yml {told}"):
        clocks_with(tmp_path)
