"""What lies sealed in the database."""

from __future__ import annotations

import pytest

from app.ports.vault import Unreadable
from app.store.vault import KeyRing

OLD, NEW = "an-old-long-random-secret-of-the-operator", "a-new-long-random-secret-of-the-operator"
TOKEN = "xoxb-1-very-secret"


def test_what_was_sealed_opens_and_does_not_show() -> None:
    vault = KeyRing([OLD])
    sealed = vault.seal(TOKEN, "T1:bot")
    assert vault.open(sealed, "T1:bot") == TOKEN
    assert "xoxb" not in sealed
    assert OLD not in sealed


def test_the_same_secret_looks_different_each_time() -> None:
    vault = KeyRing([OLD])
    assert vault.seal(TOKEN, "T1:bot") != vault.seal(TOKEN, "T1:bot")


@pytest.mark.parametrize("place", ["T2:bot", "T1:refresh", ""])
def test_it_opens_in_no_other_place(place: str) -> None:
    vault = KeyRing([OLD])
    with pytest.raises(Unreadable):
        vault.open(vault.seal(TOKEN, "T1:bot"), place)


def test_the_first_key_seals_and_every_key_opens() -> None:
    sealed = KeyRing([OLD]).seal(TOKEN, "T1:bot")
    both = KeyRing([NEW, OLD])
    assert both.open(sealed, "T1:bot") == TOKEN
    assert not both.is_current(sealed)
    again = both.seal(TOKEN, "T1:bot")
    assert both.is_current(again)
    assert KeyRing([NEW]).open(again, "T1:bot") == TOKEN
    with pytest.raises(Unreadable):
        KeyRing([NEW]).open(sealed, "T1:bot")


@pytest.mark.parametrize(
    "change", [lambda s: s[:-4], lambda s: s[:-2] + "AA", lambda s: "v9" + s[2:], lambda _: "", str.upper]
)
def test_what_was_altered_does_not_open(change) -> None:
    vault = KeyRing([OLD])
    with pytest.raises(Unreadable):
        vault.open(change(vault.seal(TOKEN, "T1:bot")), "T1:bot")
