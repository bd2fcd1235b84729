"""Channel names are legal for Slack whatever the title."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.channel_name import channel_name, with_suffix

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Agent deletes orders", "inc-7-20261123-agent-deletes-orders"),
        ("  GPT says: “No!” -- twice", "inc-7-20261123-gpt-says-no-twice"),
        ("Ünïcode Straße ØRE", "inc-7-20261123-unicode-strasse-ore"),
        ("Агент удалил заказы", "inc-7-20261123-agent-udalil-zakazy"),
        ("ο πράκτορας", "inc-7-20261123-o-praktoras"),
        ("🔥🔥", "inc-7-20261123"),
        ("日本語", "inc-7-20261123"),
        ("---", "inc-7-20261123"),
    ],
)
def test_a_title_becomes_a_readable_name(title: str, name: str) -> None:
    assert channel_name(7, ON, title) == name


@given(number=st.integers(1, 10**9), title=st.text(max_size=300), turn=st.integers(1, 99))
def test_every_name_is_legal_and_begins_with_its_number(number: int, title: str, turn: int) -> None:
    name = with_suffix(channel_name(number, ON, title), turn)
    assert len(name) <= 80
    assert re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", name)
    assert name.startswith(f"inc-{number}-20261123")


def test_a_long_title_is_cut_between_words() -> None:
    assert channel_name(7, ON, "word " * 60).endswith("-word")


def test_a_taken_name_gets_the_turn() -> None:
    assert with_suffix("inc-7-20261123", 1) == "inc-7-20261123"
    assert with_suffix("inc-7-20261123", 2) == "inc-7-20261123-2"
