"""A person as the cause is seen, and what people saw, did and decided may be told."""

from __future__ import annotations

import pytest

from app.drafting.blameless.blameless import blame_in
from tests.drafting.blamed import BLAMING, FAIR

SYSTEMS = ("Penny",)


def test_blame_is_found_and_fair_sentences_are_left_alone():
    missed = [one for one in BLAMING if not blame_in(one, systems=SYSTEMS)]
    alarms = [one for one in FAIR if blame_in(one, systems=SYSTEMS)]
    assert len(missed) <= 0.1 * len(BLAMING), missed
    assert len(alarms) <= 0.05 * len(FAIR), alarms


@pytest.mark.parametrize(
    ("text", "words", "advice"),
    [
        ("Ben forgot to add the refund prompt.", "Ben forgot", "“add the refund prompt” was left to memory"),
        (
            "Ann broke the login on Monday.",
            "Ann broke",
            "“The change … broke the login on Monday; nothing stopped it.”",
        ),
        ("Root cause: human error.", "human error", "what made the slip possible"),
        ("It was down to Ben.", "down to Ben", "Name what happened and what allowed it"),
    ],
)
def test_each_comes_with_a_way_to_say_it_instead(text: str, words: str, advice: str):
    (blame,) = blame_in(text)
    assert blame.words == words
    assert advice in blame.advice


def test_people_of_the_incident_are_known_by_their_names_and_systems_are_no_people():
    assert not blame_in("Zebulon broke the cache.")
    assert blame_in("Zebulon broke the cache.", people=["Zebulon Quist"])
    assert not blame_in("Mark broke the cache.", systems=["Mark"])


def test_hostile_names_break_nothing():
    assert blame_in("(.*)+[ broke it", people=["(.*)+[", "\\", ""], systems=["*"]) is not None
    assert blame_in("a" * 20_000 + " forgot " * 200) is not None
