"""Whether what a sentence cites bears on it at all, as the rest of the record goes."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from app.drafting.grounding.assertion import Assertion, Texts
from app.drafting.grounding.moments import without_times
from app.drafting.reading.tokens import content
from app.ports.drafter import EvidenceEntry

# Measured on the transcripts: the entries a true sentence rests on say nearly as much of it as any entry does; an entry
# taken at random says next to nothing.
_LEAST = 0.18
_BESIDE_BEST = 0.55
_TALK = 0.5
_NEAR = 3
_ROOT = 5


def roots(text: str) -> frozenset[str]:
    """What `text` is about: the beginnings of its meaningful words and its numbers, times apart."""
    return frozenset(t[:_ROOT] if t[0].isalpha() else t for t in content(without_times(text)))


class Bearing:
    """How much of a sentence each entry of a record says; rare words count more, the talk around it counts half."""

    def __init__(self, texts: Texts) -> None:
        entries = texts.entries
        self._places = texts.places
        self._said = {entry.id: roots(texts.shown(entry)) for entry in entries}
        asking = {one.id for one in texts.situation.statements if one.asks}
        spread = Counter(root for said in self._said.values() for root in said)
        self._weights = {root: math.log(1 + len(entries) / count) for root, count in spread.items()}
        self._rarest = max(self._weights.values(), default=1.0)
        self._says: dict[str, list[int]] = defaultdict(list)
        self._hears: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(entries):
            question = _question(entry, entries, place, asking)
            said = self._said[entry.id] | (frozenset() if question is None else self._said.get(question, frozenset()))
            for root in said:
                self._says[root].append(entry.id)
            for root in self._talked(place, entries) - said:
                self._hears[root].append(entry.id)

    def _talked(self, place: int, entries: Sequence[EvidenceEntry]) -> frozenset[str]:
        entry = entries[place]
        around = [*entries[max(0, place - _NEAR) : place]]
        if entry.thread_of is not None:
            around += [each for each in entries[:place] if entry.thread_of in (each.id, each.thread_of)]
        return frozenset(root for each in around for root in self._said[each.id])

    def shares(self, wanted: frozenset[str]) -> Mapping[int, float]:
        """The share of `wanted` that each entry says, 0 to 1; those that say nothing of it are left out."""
        whole = max(sum(self._weights.get(root, self._rarest) for root in wanted), 0.01)
        own: dict[int, float] = defaultdict(float)
        talk: dict[int, float] = defaultdict(float)
        for root in wanted & self._weights.keys():
            for entry_id in self._says[root]:
                own[entry_id] += self._weights[root]
            for entry_id in self._hears[root]:
                talk[entry_id] += _TALK * self._weights[root]
        return {entry_id: (said + talk[entry_id]) / whole for entry_id, said in own.items()}

    def beside_the_point(self, one: Assertion) -> str:
        """Why what the sentence cites does not say it; empty when it does."""
        shares = self.shares(roots(one.text))
        cited = max((shares.get(entry.id, 0.0) for entry in one.cited), default=0.0)
        if cited < _LEAST or cited < _BESIDE_BEST * max(shares.values(), default=0.0):
            return "what it cites does not say this"
        return ""

    def idle(self, one: Assertion) -> frozenset[int]:
        """The citations that add nothing: they say none of the sentence and stand beside none that does."""
        shares = self.shares(roots(one.text))
        telling = [entry for entry in one.cited if shares.get(entry.id, 0.0) >= _LEAST]
        return frozenset(
            entry.id
            for entry in one.cited
            if entry not in telling and not any(self._together(entry, other) for other in telling)
        )

    def _together(self, one: EvidenceEntry, other: EvidenceEntry) -> bool:
        thread = one.thread_of is not None and one.thread_of in (other.id, other.thread_of)
        return thread or other.thread_of == one.id or abs(self._places[one.id] - self._places[other.id]) <= 1


def _question(entry: EvidenceEntry, entries: Sequence[EvidenceEntry], place: int, asking: set[int]) -> int | None:
    """The entry whose question `entry` follows directly, in its thread or in the channel; None for none."""
    before = entry.thread_of if entry.thread_of is not None else entries[place - 1].id if place else None
    return before if before in asking else None
