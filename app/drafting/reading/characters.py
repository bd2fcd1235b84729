"""Characters nobody sees: which they are, taken out, or made visible."""

from __future__ import annotations

import re

_ZERO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_BIDI = "\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0000-\U000e0fff"
_CONTROL = "\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufff9-\ufffb"
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_REMOVED = re.compile(f"[{_ZERO_WIDTH}]")
_HIDDEN = re.compile(f"[{_BIDI}{_TAGS}{_CONTROL}]+")
_ANY = re.compile(f"[{_ZERO_WIDTH}{_BIDI}{_TAGS}{_CONTROL}]+")
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{2})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def _shown(match: re.Match[str]) -> str:
    run = match.group()
    code = f"U+{ord(run[0]):04X}"
    return f"[{code}]" if len(run) == 1 else f"[{code} and {len(run) - 1} more hidden]"


def plain_breaks(text: str) -> str:
    """`text` with every kind of line break written as a newline."""
    return _BREAKS.sub("\n", text)


def without_hidden(text: str) -> str:
    """`text` with zero-width characters gone, other hidden runs shown as `[U+202E]`, stacked accents cut to two."""
    return _STACKED.sub(r"\1", _HIDDEN.sub(_shown, _REMOVED.sub("", plain_breaks(text))))


def with_hidden_shown(text: str) -> str:
    """`text` with every run of zero-width, bidirectional, tag and control characters shown as `[U+200B]`."""
    return _STACKED.sub(r"\1", _ANY.sub(_shown, plain_breaks(text)))
