"""Which cues a text holds, and the phrases that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.suggestion import Reason
from app.knowledge.cues import Cue

MOST_PHRASES = 3
PHRASE_MAX = 60
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_REST_OF_WORD = re.compile(r"[\w'’-]*")


@dataclass(frozen=True)
class Found:
    """A cue that a text holds."""

    cue: Cue
    reason: Reason


def found_in(text: str, cues: Iterable[Cue]) -> list[Found]:
    """The cues that the text holds, the weightiest first; each counts once."""
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    found = []
    for cue in cues:
        phrases = _phrases(text, sentences, cue)
        if phrases:
            found.append(Found(cue, Reason(cue.because, phrases)))
    return sorted(found, key=lambda one: -one.cue.weight)


def _phrases(text: str, sentences: Sequence[str], cue: Cue) -> tuple[str, ...]:
    if cue.unless is not None and cue.unless.search(text):
        return ()
    for place in [text] if cue.far else sentences:
        spans = _apart(place, cue.parts)
        if spans:
            return _quoted(place, spans)
    return ()


def _apart(place: str, parts: Sequence[re.Pattern[str]]) -> list[tuple[int, int]]:
    """Where all parts are found, the first two at different places; empty where one is missing."""
    first, *rest = parts
    if not rest:
        match = first.search(place)
        return [match.span()] if match else []
    others = [part.search(place) for part in rest[1:]]
    if None in others:
        return []
    seconds = [match.span() for match in rest[0].finditer(place)]
    for match in first.finditer(place):
        for span in seconds:
            if match.start() >= span[1] or span[0] >= match.end():
                return [match.span(), span, *(other.span() for other in others if other)]
    return []


def _quoted(place: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    phrases: list[str] = []
    for start, end in sorted(spans):
        rest = _REST_OF_WORD.match(place, end)
        phrase = " ".join(place[start : rest.end() if rest else end].split())[:PHRASE_MAX].strip(" ,.;:")
        if phrase and not any(phrase.lower() in one.lower() for one in phrases):
            phrases.append(phrase)
    return tuple(phrases[:MOST_PHRASES])
