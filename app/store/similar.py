"""Incidents by their words: SQLite's FTS5 and PostgreSQL's tsvector behind one question.

A word that many incidents have tells little and costs much, so it is asked first how many have each word; then the
rarest are looked for, as many as name few enough incidents to rank one by one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from sqlalchemy import RowMapping, func, text
from sqlmodel import col, select

from app.domain.incident import Incident, Kind, Visibility
from app.domain.incident_words import IncidentWords, stems_of
from app.ports.similar import Alike
from app.store.query import Questions

MOST_ASKED = 40
MOST_LOOKED_FOR = 12
MOST_CANDIDATES = 1_000
COUNTED_UP_TO = 1_500
# Of the weight of all words that any other incident has, so much must be shared.
LEAST_SHARE = 0.25
LEAST_WORDS = 2

_COUNT_SQLITE = (
    "SELECT term, doc AS found FROM incident_search_terms WHERE term IN (SELECT value FROM json_each(:words))"
)
_COUNT_POSTGRES = (
    "SELECT term, (SELECT count(*) FROM (SELECT 1 FROM incident_words "
    "WHERE vector @@ quote_literal(term)::tsquery LIMIT :most) AS those) AS found "
    "FROM unnest(CAST(:words AS text[])) AS term"
)
_SHARE_SQLITE = (
    "SELECT words.incident_id, words.words FROM incident_search JOIN incident_words AS words "
    "ON words.incident_id = incident_search.rowid JOIN incident ON incident.id = words.incident_id "
    "WHERE incident_search MATCH :wanted"
)
_SHARE_POSTGRES = (
    "SELECT words.incident_id, words.words FROM incident_words AS words "
    "JOIN incident ON incident.id = words.incident_id WHERE words.vector @@ CAST(:wanted AS tsquery)"
)
_SEEN = (
    " AND words.team = :team AND words.incident_id <> :apart_from"
    " AND incident.visibility = :visibility AND incident.kind <> :kind LIMIT :most"
)


class SimilarQuestions(Questions):
    """See `app.ports.similar.SimilarIncidents`."""

    async def index(self, incident: Incident, text: str) -> None:
        words = " ".join(stems_of(text))
        vector = func.to_tsvector("simple", words) if self._on_postgres else None
        put = self._insert(IncidentWords).values(
            incident_id=incident.id, team=incident.team, words=words, vector=vector
        )
        changed = {"words": put.excluded.words, "vector": put.excluded.vector}
        await self._run(put.on_conflict_do_update(index_elements=["incident_id"], set_=changed))

    async def find(self, team: str, text: str, *, apart_from: int, limit: int = 3) -> Sequence[Alike]:
        found = await self._counts(stems_of(text)[:MOST_ASKED])
        telling = _telling(found)
        if not telling:
            return []
        weights = {word: math.log(1 + MOST_CANDIDATES / found[word]) for word in telling}
        rows = [
            (row["incident_id"], _shared(row["words"], telling))
            for row in await self._sharing(team, telling, apart_from)
        ]
        least = LEAST_SHARE * sum(weights[word] for word in {word for _, shared in rows for word in shared})
        ranked = sorted(
            ((sum(weights[word] for word in shared), number, shared) for number, shared in rows), reverse=True
        )
        enough = [one for one in ranked if one[0] >= least and len(one[2]) >= min(LEAST_WORDS, len(telling))]
        best = {number: shared for _, number, shared in enough[:limit]}
        incidents = await self._all(select(Incident).where(col(Incident.id).in_(best)))
        by_id = {incident.id: incident for incident in incidents}
        return [Alike(by_id[number], shared) for number, shared in best.items() if number in by_id]

    @property
    def _on_postgres(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"

    async def _counts(self, words: Sequence[str]) -> Mapping[str, int]:
        """How many incidents of all workspaces have each word; those that none has are left out."""
        if self._on_postgres:
            # A limit makes the planner read the table from its start; the index knows the answer.
            await self._run(text("SET LOCAL enable_seqscan = off"))
            rows = await self._run(text(_COUNT_POSTGRES).bindparams(words=list(words), most=COUNTED_UP_TO))
        else:
            rows = await self._run(text(_COUNT_SQLITE).bindparams(words=_json(words)))
        return {row.term: row.found for row in rows.all() if row.found}

    async def _sharing(self, team: str, words: Sequence[str], apart_from: int) -> Sequence[RowMapping]:
        quoted = [f"'{word}'" for word in words] if self._on_postgres else [f'"{word}"' for word in words]
        statement = text((_SHARE_POSTGRES if self._on_postgres else _SHARE_SQLITE) + _SEEN).bindparams(
            wanted=(" | " if self._on_postgres else " OR ").join(quoted),
            team=team,
            apart_from=apart_from,
            visibility=Visibility.PUBLIC.value,
            kind=Kind.DRILL.value,
            most=MOST_CANDIDATES,
        )
        rows: Sequence[RowMapping] = (await self._run(statement)).mappings().all()
        return rows


def _telling(found: Mapping[str, int]) -> Sequence[str]:
    """The rarest words, as long as few enough incidents have them; at least one."""
    telling: list[str] = []
    candidates = 0
    for word in sorted(found, key=lambda one: (found[one], one))[:MOST_LOOKED_FOR]:
        candidates += found[word]
        if telling and candidates > MOST_CANDIDATES:
            break
        telling.append(word)
    return telling


def _shared(words: str, telling: Sequence[str]) -> list[str]:
    own = set(words.split(" "))
    return [word for word in telling if word in own]


def _json(words: Sequence[str]) -> str:
    # Stems have letters and digits alone, so nothing in them needs escaping.
    return "[" + ",".join(f'"{word}"' for word in words) + "]"
