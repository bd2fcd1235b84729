"""The words of incidents as each database indexes them: how many have a word, and who shares which.

Nothing here reads the words themselves: of each incident found, the database says which of the wanted words it has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import TextClause, text

# PostgreSQL knows from its own sampling how common the common words are; the index is asked for the others alone.
_COUNT_POSTGRES = """
WITH common AS MATERIALIZED (
    SELECT word, share * (SELECT reltuples FROM pg_class WHERE oid = 'incident_words'::regclass) AS found
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS known(word, share)
    WHERE schemaname = current_schema() AND tablename = 'incident_words' AND attname = 'vector'
    AND word = ANY (CAST(:words AS text[]))
)
SELECT word AS term, CAST(greatest(1, found) AS integer) AS found FROM common
UNION ALL
SELECT term, CAST((SELECT count(*) FROM incident_words WHERE vector @@ quote_literal(term)::tsquery) AS integer)
FROM unnest(CAST(:words AS text[])) AS asked(term) WHERE term NOT IN (SELECT word FROM common)
"""
_COUNT_SQLITE = (
    "SELECT term, doc AS found FROM incident_search_terms WHERE term IN (SELECT value FROM json_each(:words))"
)
_SHARING_POSTGRES = """
SELECT words.incident_id AS number, sum(wanted.weight) AS score,
    CAST(sum(1 << (CAST(wanted.place AS integer) - 1)) AS integer) AS bits
FROM unnest(CAST(:words AS text[]), CAST(:weights AS float8[])) WITH ORDINALITY AS wanted(term, weight, place)
CROSS JOIN LATERAL (
    SELECT incident_id FROM incident_words WHERE vector @@ quote_literal(wanted.term)::tsquery
) AS words
WHERE words.incident_id <> :apart_from
GROUP BY words.incident_id
"""
_SHARING_SQLITE = """
WITH wanted AS MATERIALIZED (
    SELECT 1 << key AS bit, json_extract(value, '$[0]') AS term, json_extract(value, '$[1]') AS weight
    FROM json_each(:words)
)
SELECT incident_search.rowid AS number, sum(wanted.weight) AS score, sum(wanted.bit) AS bits
FROM wanted CROSS JOIN incident_search
WHERE incident_search MATCH wanted.term AND incident_search.rowid <> :apart_from
GROUP BY incident_search.rowid
"""
_TOGETHER_POSTGRES = """
SELECT incident_id AS number, 1.0 AS score, CAST(:bits AS integer) AS bits
FROM incident_words WHERE vector @@ CAST(:together AS tsquery) AND incident_id <> :apart_from
"""
_TOGETHER_SQLITE = """
SELECT rowid AS number, 1.0 AS score, :bits AS bits
FROM incident_search WHERE incident_search MATCH :together AND rowid <> :apart_from
"""
# Of many only the likest are looked up: of most nobody will hear.
_LIKEST = """
SELECT likest.number, likest.bits, incident.id IS NOT NULL AS seen
FROM ({found} ORDER BY score DESC, number DESC LIMIT :most) AS likest
LEFT JOIN incident ON incident.id = likest.number AND incident.team = :team
AND incident.visibility = :visibility AND incident.kind <> :kind
ORDER BY likest.score DESC, likest.number DESC
"""
_LIKEST_SEEN = """
SELECT likest.number, likest.bits, 1 = 1 AS seen FROM ({found}) AS likest
JOIN incident ON incident.id = likest.number AND incident.team = :team
AND incident.visibility = :visibility AND incident.kind <> :kind
ORDER BY likest.score DESC, likest.number DESC LIMIT :most
"""


@dataclass(frozen=True)
class WordIndex:
    """What to ask the database; the answers of `sharing` and `together` have the columns number, bits and seen.

    Bit n of `bits` tells that the incident has the n-th word. Not `seen`: nobody may be told of it; `seen_only` leaves
    those out, which takes longer. The likest come first, the newest among equals.
    """

    on_postgres: bool
    seen_only: bool = False

    def counts(self, words: Sequence[str]) -> TextClause:
        """How many incidents of all workspaces have each word, roughly where many do; none: 0 or no row."""
        if self.on_postgres:
            return text(_COUNT_POSTGRES).bindparams(words=list(words))
        return text(_COUNT_SQLITE).bindparams(words=json.dumps(list(words)))

    def sharing(self, weights: Mapping[str, float]) -> TextClause:
        """Who has any of the words, by the sum of the weights of those."""
        if self.on_postgres:
            return self._likest(_SHARING_POSTGRES).bindparams(words=list(weights), weights=list(weights.values()))
        words = json.dumps([[f'"{word}"', weight] for word, weight in weights.items()])
        return self._likest(_SHARING_SQLITE).bindparams(words=words)

    def together(self, words: Sequence[str]) -> TextClause:
        """Who has all of the words."""
        sql, quote, both = (_TOGETHER_POSTGRES, "'", " & ") if self.on_postgres else (_TOGETHER_SQLITE, '"', " AND ")
        together = both.join(f"{quote}{word}{quote}" for word in words)
        return self._likest(sql).bindparams(together=together, bits=(1 << len(words)) - 1)

    def _likest(self, found: str) -> TextClause:
        return text((_LIKEST_SEEN if self.seen_only else _LIKEST).format(found=found))
