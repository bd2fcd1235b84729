"""The name of an incident's channel: legal for Slack, readable, sorted by number."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

NAME_MAX = 80
_NOT_ALLOWED = re.compile(r"[^a-z0-9]+")
# A letter, then how it is written in plain Latin.
_ODD_LATIN = "ßss æae œoe øo đd ðd łl þth ıi ħh ŋng"
_GREEK = "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo"
_CYRILLIC = (
    "аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo"
    " пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya єye іi їyi ґg ўu"
)
_LETTERS = str.maketrans({pair[0]: pair[1:] for pair in f"{_ODD_LATIN} {_GREEK} {_CYRILLIC}".split()})


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
