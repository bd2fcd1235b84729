"""Incidents by their words: SQLite's FTS5 and PostgreSQL's tsvector behind one question.

A word that many incidents have tells little and costs much, so it is asked first how many have each word; then the
rarest are looked for, as many as the index names in a moment, and weighed where they are found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import TextClause, func
from sqlmodel import col, select

from app.domain.incident import Incident, Kind, Visibility
from app.domain.incident_words import IncidentWords, stems_of
from app.ports.similar import Alike
from app.store.query import Questions
from app.store.word_index import WordIndex

MOST_ASKED = 40
MOST_LOOKED_FOR = 16
# So many times may the index name an incident; with 100,000 incidents that takes some ten milliseconds.
MOST_NAMED = 5_000
LIKEST = 100
MOST_TOGETHER = 6
# Of the weight of all words that any other incident has, so much must be shared.
LEAST_SHARE = 0.25
LEAST_WORDS = 2


@dataclass(frozen=True)
class _Found:
    """An incident by its number, and which of the wanted words it has."""

    number: int
    shared: Sequence[str]


class SimilarQuestions(Questions):
    """See `app.ports.similar.SimilarIncidents`."""

    async def index(self, incident: Incident, text: str) -> None:
        words = " ".join(stems_of(text))
        vector = func.to_tsvector("simple", words) if self._words.on_postgres else None
        put = self._insert(IncidentWords).values(
            incident_id=incident.id, team=incident.team, words=words, vector=vector
        )
        changed = {"words": put.excluded.words, "vector": put.excluded.vector}
        await self._run(put.on_conflict_do_update(index_elements=["incident_id"], set_=changed))

    async def find(self, team: str, text: str, *, apart_from: int, limit: int = 3) -> Sequence[Alike]:
        found = await self._counts_of_others(stems_of(text)[:MOST_ASKED], apart_from)
        telling = _telling(found)
        if not telling:
            return []
        if found[telling[0]] > MOST_NAMED:
            likest = await self._together(team, telling, apart_from, limit)
        else:
            weights = {word: math.log(1 + MOST_NAMED / found[word]) for word in telling}
            likest = _enough(await self._sharing(team, weights, apart_from, limit), weights)
        best = {one.number: one.shared for one in likest[:limit]}
        incidents = await self._all(select(Incident).where(col(Incident.id).in_(best)))
        by_id = {incident.id: incident for incident in incidents}
        return [Alike(by_id[number], shared) for number, shared in best.items() if number in by_id]

    @property
    def _words(self) -> WordIndex:
        return WordIndex(self._session.get_bind().dialect.name == "postgresql")

    async def _sharing(self, team: str, weights: Mapping[str, float], apart_from: int, limit: int) -> Sequence[_Found]:
        """Who shares some of the words, the likest first."""
        words = list(weights)
        rows = await self._likest(lambda index: index.sharing(weights), _whom(team, apart_from), limit)
        return [_Found(row.number, _named(row.bits, words)) for row in rows]

    async def _counts_of_others(self, words: Sequence[str], apart_from: int) -> Mapping[str, int]:
        """How many other incidents have each word; a word that is this one's alone would crowd out those that tell."""
        words_of_it = select(IncidentWords.words).where(col(IncidentWords.incident_id) == apart_from)
        own = frozenset((await self._first(words_of_it) or "").split(" "))
        counted = {row.term: row.found for row in (await self._run(self._words.counts(words))).all()}
        return {word: count - (word in own) for word, count in counted.items() if count > (word in own)}

    async def _together(self, team: str, words: Sequence[str], apart_from: int, limit: int) -> Sequence[_Found]:
        """Where even the rarest word is common: who has most of them together, the newest first."""
        likest: dict[int, _Found] = {}
        for count in range(min(MOST_TOGETHER, len(words)), 0, -1):
            wanted = words[:count]
            for row in await self._likest(partial(WordIndex.together, words=wanted), _whom(team, apart_from), limit):
                likest.setdefault(row.number, _Found(row.number, wanted))
            if len(likest) >= limit or count == min(LEAST_WORDS, len(words)):
                break
        return list(likest.values())

    async def _likest(
        self, asking: Callable[[WordIndex], TextClause], whom: Mapping[str, object], limit: int
    ) -> Sequence[Any]:
        """The likest that people may be told of."""
        question = asking(self._words).bindparams(**whom, most=LIKEST)
        rows = (await self._run(question)).all()
        seen = [row for row in rows if row.seen]
        if len(rows) < LIKEST or len(seen) >= limit:
            return seen
        # The likest are other workspaces', or restricted.
        question = asking(replace(self._words, seen_only=True)).bindparams(**whom, most=LIKEST)
        others: Sequence[Any] = (await self._run(question)).all()
        return others


def _telling(found: Mapping[str, int]) -> Sequence[str]:
    """The rarest words, as long as few enough incidents have them.

    At least one; where that one is common already, the next as well, to be looked for together.
    """
    rarest = sorted(found, key=lambda one: (found[one], one))[:MOST_LOOKED_FOR]
    if rarest and found[rarest[0]] > MOST_NAMED:
        return rarest[:MOST_TOGETHER]
    telling: list[str] = []
    named = 0
    for word in rarest:
        named += found[word]
        if telling and named > MOST_NAMED:
            break
        telling.append(word)
    return telling


def _enough(found: Sequence[_Found], weights: Mapping[str, float]) -> Sequence[_Found]:
    """Those that share enough of what any of them shares."""
    least = LEAST_SHARE * sum(weights[word] for word in {word for one in found for word in one.shared})
    fewest = min(LEAST_WORDS, len(weights))
    return [one for one in found if len(one.shared) >= fewest and sum(weights[word] for word in one.shared) >= least]


def _named(bits: int, words: Sequence[str]) -> Sequence[str]:
    return [word for place, word in enumerate(words) if bits >> place & 1]


def _whom(team: str, apart_from: int) -> Mapping[str, object]:
    return {
        "team": team,
        "apart_from": apart_from,
        "visibility": Visibility.PUBLIC.value,
        "kind": Kind.DRILL.value,
    }
