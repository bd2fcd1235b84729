"""A drafted sentence beside the entries that it cites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from app.drafting.reading.situation import Situation
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content
from app.drafting.reading.wording import read
from app.ports.drafter import EvidenceEntry, Sentence

_BEFORE = 8
_SAME_TALK = timedelta(hours=3)


class Texts:
    """The words that each entry of a record shows, read once."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.entries = situation.evidence.entries
        self.places = {entry.id: place for place, entry in enumerate(self.entries)}
        self.said = {entry.id: _said(situation, entry) for entry in self.entries}
        self.statements = {one.id: one for one in situation.statements}

    def shown(self, entry: EvidenceEntry) -> str:
        """What the entry says and quotes, and who said it."""
        return f"{self.said[entry.id]}\n{entry.author_name}"


def _said(situation: Situation, entry: EvidenceEntry) -> str:
    words = read(entry.text, situation.evidence.names)
    return "\n".join((words.said, *words.quoted, *entry.files))


@dataclass(frozen=True)
class Assertion:
    """`sentence` says what the `cited` entries should say; in an `open_part` a suspicion may stand as what it is."""

    sentence: Sentence
    cited: Sequence[EvidenceEntry]
    texts: Texts
    open_part: bool = False

    @property
    def situation(self) -> Situation:
        return self.texts.situation

    @property
    def text(self) -> str:
        return self.sentence.text

    @cached_property
    def tokens(self) -> frozenset[str]:
        return content(self.text)

    @cached_property
    def statements(self) -> Sequence[Statement]:
        """What the cited entries state; those that say nothing are left out."""
        found = (self.texts.statements.get(entry.id) for entry in self.cited)
        return [one for one in found if one is not None]

    @cached_property
    def bodies(self) -> Sequence[str]:
        """The words of each cited entry."""
        return [self.texts.shown(entry) for entry in self.cited]

    @cached_property
    def body(self) -> str:
        return "\n".join(self.bodies)

    @cached_property
    def talk(self) -> Sequence[EvidenceEntry]:
        """What was being talked of when the cited entries were said: their threads, and what came just before."""
        entries = self.texts.entries
        roots = {entry.thread_of for entry in self.cited if entry.thread_of is not None}
        around: dict[int, EvidenceEntry] = {}
        for cited in self.cited:
            place = self.texts.places[cited.id]
            before = entries[max(0, place - _BEFORE) : place]
            around |= {entry.id: entry for entry in before if cited.at - entry.at <= _SAME_TALK}
        if roots:
            around |= {entry.id: entry for entry in entries if entry.id in roots or entry.thread_of in roots}
        ids = {entry.id for entry in self.cited}
        return [entry for entry in around.values() if entry.id not in ids]
