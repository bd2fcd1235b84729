"""Every form can be opened, and its fields are those of the contract."""

from __future__ import annotations

import pytest

from app.slack.ids import View
from app.slack.views.declare import declare_form
from app.slack.views.lifecycle import lifecycle_form
from app.slack.views.metadata import opened_from, packed, unpacked
from app.slack.views.status_update import UpdateForm, update_form
from app.workspace.blocks.checks import check_view
from tests.slack.forms import homes, modals
from tests.slack.samples import SAMPLES, acting, as_json


@pytest.mark.parametrize("name", SAMPLES)
def test_every_form_is_accepted_by_slack(name):
    for view in modals(SAMPLES[name]):
        assert check_view(view, "modal") == [], view["callback_id"]
    for view in homes(SAMPLES[name]):
        assert check_view(view, "home") == []


@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_from_people_can_act_in_a_form(name):
    for view in (*modals(SAMPLES[name]), *homes(SAMPLES[name])):
        assert acting(view) == []


def test_every_input_is_named_like_its_field():
    for view in modals(SAMPLES["calm"]):
        for block in view["blocks"]:
            if block["type"] == "input":
                assert block["block_id"] == block["element"]["action_id"]


def fields(view):
    return {one["block_id"]: not one["optional"] for one in view["blocks"] if one["type"] == "input"}


def test_the_declare_form_has_the_fields_of_the_contract():
    view = declare_form()
    assert view["callback_id"] == View.DECLARE == "declare.submit"
    required = {"title", "severity", "visibility", "kind"}
    assert {name for name, needed in fields(view).items() if needed} == required
    assert fields(view).keys() == required | {"summary", "archetype", "system_type", "system", "invite"}


def test_the_other_forms_have_the_fields_of_the_contract():
    incident = SAMPLES["calm"].incident()
    assert fields(lifecycle_form(incident)).keys() == {"status", "severity", "reason"}
    assert fields(update_form(UpdateForm("INC-7", {}, "responders", 60))).keys() == {
        "what_happened",
        "testing",
        "doing",
        "unknowns",
        "next_update_minutes",
        "audience",
    }


def test_the_update_form_is_prefilled_and_says_who_drafted():
    view = next(one for one in modals(SAMPLES["calm"]) if one["callback_id"] == View.STATUS_UPDATE)
    assert "[12]" in as_json(view)
    assert "openai" in as_json(view)
    assert "A model is drafting too" in as_json(view)


def test_a_section_too_long_for_the_form_is_cut_at_a_line_and_said_to_be():
    lines = "\n".join(f"sentence number {number} [12]" for number in range(400))
    view = update_form(UpdateForm("INC-7", {"doing": lines}, "responders", 60))
    shown = next(one for one in view["blocks"] if one.get("block_id") == "doing")["element"]["initial_value"]
    assert shown.endswith("[12]")
    assert len(shown) <= 3000
    assert "left out: What we are doing" in as_json(view)


def test_a_form_remembers_the_channel_it_was_opened_from():
    view = opened_from({"type": "modal", "private_metadata": packed(key="INC-7")}, "C1")
    assert unpacked(view) == {"key": "INC-7", "from": "C1"}
    assert opened_from({"type": "home"}, "C1") == {"type": "home"}
