"""The name of an incident's channel: legal for Slack, readable, sorted by number."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

NAME_MAX = 80
_NOT_ALLOWED = re.compile(r"[^a-z0-9]+")
_ODD_LATIN = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng",
}  # fmt: skip
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґў",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya ye i yi g u".split(),
        strict=True,
    )
)
_LETTERS = str.maketrans(
    {**_ODD_LATIN, **_GREEK, **{letter: "" if latin == "-" else latin for letter, latin in _CYRILLIC.items()}}
)


def channel_name(number: int, on: date, title: str) -> str:
    """`inc-7-20261123-agent-deletes-orders`; without the last part when the title has no letter that Slack allows."""
    head = f"inc-{number}-{on:%Y%m%d}"
    return _cut(f"{head}-{_slug(title)}", NAME_MAX)


def with_suffix(name: str, turn: int) -> str:
    """The name to try when `name` is taken: `name-2` on turn 2, and so on; turn 1 is the name itself."""
    if turn == 1:
        return name
    suffix = f"-{turn}"
    return _cut(name, NAME_MAX - len(suffix)) + suffix


def _slug(title: str) -> str:
    # Composed letters first: й and ё have letters of their own, which decomposing would turn into и and е.
    lettered = unicodedata.normalize("NFC", title.casefold()).translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lettered) if not unicodedata.combining(c))
    return _NOT_ALLOWED.sub("-", plain.casefold().translate(_LETTERS)).strip("-")


def _cut(name: str, length: int) -> str:
    """At most `length` characters, ending at a word where one ends in the second half."""
    if len(name) <= length:
        return name.strip("-")
    cut = name[:length]
    if name[length] != "-":
        at = cut.rfind("-")
        cut = cut[:at] if at > length // 2 else cut
    return cut.strip("-")
