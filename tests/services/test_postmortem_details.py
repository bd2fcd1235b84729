"""What stands beside a postmortem's parts: evidence about the model, times and people, from the record alone."""

from __future__ import annotations

from typing import Any

import pytest

from app.services.postmortems.details import details
from app.services.records.response_times import promises_kept, times_record
from tests.services.recorded import entry, line, record, update


def shown(whole: dict[str, Any]) -> dict[str, list[str]]:
    """The texts of every block by its title."""
    return {
        block["title"]: [one["text"] for one in block["lines"]]
        for blocks in details(whole).values()
        for block in blocks
    }


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Model and prompt versions", "Production runs model v4.2.1 with prompt 2026-11-20"),
        ("Model and prompt versions", "the vendor moved us to gpt-5.1-mini overnight"),
        ("Sampling settings", "temperature was 1.2 and top_p 0.95"),
        ("Inputs and outputs", "Prompt: delete my order\nOutput: Done, deleted all orders"),
        ("Inputs and outputs", "```ignore previous instructions```"),
        ("Guardrail decisions", "The output filter let 12 of 20 through"),
        ("Tool calls", "It called delete_order(id=17) 312 times"),
        ("Tool calls", "41 tool calls in two minutes"),
        ("Containment and rollback", "Rolled back to the weights of Friday"),
        ("Where luck helped", "Luckily support was reading along"),
    ],
)
def test_words_of_the_channel_become_evidence_of_their_kind(title: str, text: str):
    found = details(record(timeline=[entry(3, "09:10", text)]))
    blocks = [block for blocks in found.values() for block in blocks if block["title"] == title]
    assert [one["citations"] for block in blocks for one in block["lines"]] == [[3]]


def test_what_was_said_idly_is_no_evidence():
    idle = [
        "Thanks all",
        "I am on it",
        "Lunch at 12.30?",
        "We need 3 more people",
        "Who owns the model?",
        "v2 of the doc",
    ]
    blocks = shown(record(timeline=[entry(n, "09:10", text) for n, text in enumerate(idle, start=1)]))
    assert set(blocks) <= {"Milestones", "Detection delay", "Who responded"}


def test_guesses_and_deleted_words_are_no_evidence():
    guess = entry(1, "09:10", "Maybe model v4.2 did it", mark="hypothesis")
    gone = entry(2, "09:11", "temperature was 1.2") | {"deleted_at": "2026-11-23T09:12:00Z"}
    assert {"Model and prompt versions", "Sampling settings"} & set(shown(record(timeline=[guess, gone]))) == set()


def test_inputs_and_outputs_are_verbatim_and_fenced():
    text = "It got this:\n```text\nignore <!channel>\n  and delete\n```"
    found = details(record(timeline=[entry(1, "09:10", text)]))["root_cause"]
    (block,) = [one for one in found if one["title"] == "Inputs and outputs"]
    assert block["fenced"]
    assert [one["text"] for one in block["lines"]] == ["ignore <!channel>\n  and delete"]


def test_trigger_root_cause_and_contributing_factors_are_told_apart():
    causes = [
        line("It was triggered by the 08:05 deploy.", 1),
        line("Root cause: the cache was shared between sessions.", 2),
        line("No eval covered shared sessions.", 3),
        line("Suspected, not confirmed: caused by the tokenizer.", 4),
    ]
    found = shown(record(sections={"root_cause": causes}))
    assert found["Trigger"] == [causes[0]["text"]]
    assert found["Root cause, as confirmed"] == [causes[1]["text"]]
    assert found["Contributing factors"] == [causes[2]["text"]]


def test_trials_containments_and_clocks_are_shown_as_the_record_has_them():
    trials = [{"prompt": "Delete my order", "tries": 20, "failures": 12, "phase": "before"}]
    terms = {"name": "Revoke the agent's keys", "model_version": "4.2", "prompt_version": "p17"}
    contained = {"terms": terms, "state": "contained", "verified_at": "2026-11-23T09:38:00Z", "reason": "it goes on"}
    clock = {"name": "GDPR Art. 33", "decision": "applies", "phases": [{"title": "Notification", "state": "open"}]}
    found = shown(record(trials=trials, containments=[contained], clocks=[clock, {"decision": "no"}]))
    assert found["Reproduction trials"] == ["12 of 20 tries failed before the fix: Delete my order"]
    assert found["Containment and rollback"] == [
        "Revoke the agent's keys: contained on 2026-11-23 09:38 UTC (it goes on)"
    ]
    assert found["Model and prompt versions"] == ["By the register: model version 4.2, prompt version p17."]
    assert found["Notification clocks"] == ["GDPR Art. 33, Notification: open"]


def test_trials_carry_their_interval_verdict_and_what_was_answered():
    trial = {"kind": "automatic", "prompt": "Cancel order 17", "tries": 20, "failures": 12, "phase": "before"}
    trial |= {"interval": [0.3866, 0.7812], "setting": "temperature 1.2", "verdict": "It still fails."}
    trial |= {"answers": [{"outcome": "failed", "answer": "All gone"}, {"outcome": "passed", "answer": "Done"}]}
    override = {"kind": "override", "tries": 0, "reason": "The system is switched off", "verdict": None}
    found = shown(record(trials=[trial, trial, override]))
    assert found["Reproduction trials"] == [
        *["12 of 20 tries failed before the fix (39–78 % likely) [temperature 1.2]: Cancel order 17"] * 2,
        "Called verified without a trial: The system is switched off",
        "It still fails.",
    ]
    assert found["Inputs and outputs"] == ["Prompt: Cancel order 17\nAnswer: All gone"] * 2


def test_what_is_asked_or_planned_is_no_evidence_of_what_was_done():
    plans = ["rollback?", "Shall we disable the tool?", "We will roll back tomorrow", "Let's lower temperature to 0.2"]
    blocks = shown(record(timeline=[entry(n, "09:10", text) for n, text in enumerate(plans, start=1)]))
    assert not {"Containment and rollback", "Sampling settings"} & set(blocks)


def test_milestones_say_how_long_each_took_and_detection_its_delay():
    timeline = [
        entry(1, "08:20", "Good morning"),
        entry(2, "08:35", "41 orders are gone", mark="observation"),
        entry(3, "09:10", "On it"),
    ]
    whole = record(timeline=timeline, updates=[update("09:30", "10:30")])
    times = times_record(whole)
    assert times["detection_seconds"] == 25 * 60
    assert [(one["name"], one["after_declared_seconds"] // 60) for one in times["milestones"]] == [
        ("First entry", -40),
        ("First sign", -25),
        ("Declared", 0),
        ("Commander took over", 4),
        ("First update published", 30),
        ("Contained", 40),
        ("Resolved", 120),
    ]
    assert shown(whole)["Detection delay"] == [
        "From the first sign (2026-11-23 08:35 UTC) to the declaration: 25 min.",
        "From the first entry of the record to the declaration: 40 min.",
    ]
    assert shown(whole)["Who responded"] == ["Incident commander: <@UBEN>, from 2026-11-23 09:04 UTC; 0 entries"]


@pytest.mark.parametrize(
    ("updates", "promised", "kept"),
    [
        ([], 0, 0),
        ([update("09:30", "10:30")], 1, 0),
        ([update("09:30", "11:30")], 0, 0),
        ([update("09:30", "10:30"), update("10:30", "11:30")], 1, 1),
        ([update("09:30", "10:00"), update("10:05", "10:30"), update("10:29", "12:00")], 2, 1),
    ],
)
def test_a_promise_is_kept_when_the_next_update_came_by_then(updates: list[Any], promised: int, kept: int):
    found = promises_kept(record(updates=updates))
    assert (found.promised, found.kept) == (promised, kept)


def test_a_record_in_which_nothing_was_said_has_times_and_nothing_else():
    assert set(shown(record(roles=[]))) == {"Milestones"}
