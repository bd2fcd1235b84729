"""One line of a person's words, without the characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"
# A joiner means something inside emoji and inside scripts that join letters; beside Latin letters it only hides.
_LOOSE_JOINER = re.compile(f"(?<![^\x00-\u02ff\\s])[{_JOINERS}]+|[{_JOINERS}]+(?![^\x00-\u02ff\\s])")
_INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_EMOJI_STYLE = "\ufe0f"
_KEPT = frozenset(_JOINERS + _EMOJI_STYLE)
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_UNSEEN_ALONE = frozenset({"Mn", "Me", "Mc"})


def one_line(text: str) -> str:
    """`text` on one line: breaks and runs of spaces become one space, hidden characters go, the ends are trimmed."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    shown = "".join(char for char in spaced if not _hidden(char))
    return " ".join(_LOOSE_JOINER.sub("", shown).split())


def has_something_visible(text: str) -> bool:
    """True when at least one character of `text` leaves a mark on a screen."""
    return any(
        not char.isspace()
        and not _hidden(char)
        and char not in _KEPT
        and unicodedata.category(char) not in _UNSEEN_ALONE
        for char in text
    )


def _hidden(char: str) -> bool:
    if char in _KEPT:
        return False
    if char in _INVISIBLE_LETTERS or 0xFE00 <= ord(char) <= 0xFE0E or 0x180B <= ord(char) <= 0x180F:
        return True
    return unicodedata.category(char) in _HIDDEN_CATEGORIES
