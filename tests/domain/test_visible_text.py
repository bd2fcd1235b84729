"""Titles hold what people see and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.visible_text import has_something_visible, one_line


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        (" a\n\tb  c ", "a b c"),
        ("a\u200bb\u00ad", "ab"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\u200db", "ab"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("שלום", "שלום"),
        ("\ud800x", "x"),
    ],
)
def test_hidden_characters_go_and_meaningful_ones_stay(given_text: str, shown: str) -> None:
    assert one_line(given_text) == shown


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u200d\ufe0f", "\u0301", "\u3164", "\u2800", "\U000e0041"])
def test_nothing_is_seen(text: str) -> None:
    assert not has_something_visible(text)


@pytest.mark.parametrize("text", ["a", "🔥", "日", "ش", "?"])
def test_something_is_seen(text: str) -> None:
    assert has_something_visible(text)


@given(st.text())
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
