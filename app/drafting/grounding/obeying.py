"""Sentences that give orders, or repeat what an attack in the record wants said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from app.drafting.grounding.assertion import Assertion
from app.drafting.reading import hostile
from app.drafting.reading.cues import Cue
from app.drafting.reading.situation import Situation
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import words

_RUN = 5
_NAMED = re.compile(
    r"\b(?:hostile|inject\w*|malicious|attack\w*|prompt|payload|pasted|instruction|untrusted|quoted)\b", re.IGNORECASE
)
_OPAQUE = re.compile(r"\b(?=\w*[\d_-])(?=[\w-]*[A-Za-z])[\w-]{6,}\b")


class Attacks:
    """The hostile texts of a record."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._hostile = [one for one in situation.statements if is_hostile(one)]

    def obeyed(self, one: Assertion) -> str:
        """Why the sentence seems to do what an attack wants; empty when it doesn't."""
        if hostile.gives_orders(one.text):
            return "it gives orders"
        if any(is_hostile(each) for each in one.statements) and not _NAMED.search(one.text):
            return "it repeats a hostile text as if it were a report"
        said, marks = words(one.text), set(_OPAQUE.findall(one.text))
        for each in self._hostile:
            if _common_run(said, words(each.entry.text)) >= _RUN:
                return "it repeats the words of a hostile text"
            if marks & set(_OPAQUE.findall(each.entry.text)) - self._honest_marks:
                return "it repeats a code from a hostile text"
        return ""

    def without_codes(self, text: str) -> str:
        """`text` with the codes blotted out that no honest entry has."""
        for code in hostile.opaque_tokens(text) - self._honest_marks:
            text = text.replace(code, "…")
        return text

    @cached_property
    def _honest_marks(self) -> frozenset[str]:
        hostile_ids = {one.id for one in self._hostile}
        honest = [entry.text for entry in self._situation.evidence.entries if entry.id not in hostile_ids]
        return frozenset(mark for text in honest for mark in (*_OPAQUE.findall(text), *hostile.opaque_tokens(text)))


def is_hostile(one: Statement) -> bool:
    return Cue.HOSTILE in one.cues or any(hostile.gives_orders(block) for block in (*one.quoted, one.entry.text))


def _common_run(said: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest run of words that both have."""
    best = 0
    row = [0] * (len(other) + 1)
    for word in said:
        before = 0
        for j, theirs in enumerate(other, 1):
            before, row[j] = row[j], (before + 1 if word == theirs else 0)
            best = max(best, row[j])
    return best
