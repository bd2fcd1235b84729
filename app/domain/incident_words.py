"""The words of an incident, by which incidents like it are found."""

from __future__ import annotations

import re

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

MOST_WORDS = 600
_WORD = re.compile(r"[^\W_]{3,40}")
_COMMON_WORDS = """
the and for with that this from has have had was were are been not but they them their its our you your his her who what
when where why how all any can could would should will may might did does done into onto over under out off about after
before again than then there here also only some more most other such very just now one two new get got via per
incident system user
"""
_COMMON = frozenset(_COMMON_WORDS.split())


class IncidentWords(SQLModel, table=True):
    """The stems of an incident's words, each once, with a blank between.

    `vector` is the same for PostgreSQL's full-text index; SQLite has an index of its own beside the table
    (`incident_search`), kept by triggers.
    """

    __tablename__ = "incident_words"
    # Put off, additions would be read through at each search until somebody tidies up.
    __table_args__ = (
        Index("ix_incident_words_vector", "vector", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

    incident_id: int = Field(primary_key=True, foreign_key="incident.id", ondelete="CASCADE")
    team: str = Field(max_length=32)
    words: str = Field(sa_type=Text)
    vector: str | None = Field(default=None, sa_type=Text().with_variant(TSVECTOR(), "postgresql"))


def stems_of(text: str) -> list[str]:
    """The stems of the words in the text, each once, in order; common words and numbers are left out."""
    words = (word for word in _WORD.findall(text.lower()) if word not in _COMMON and not word.isdigit())
    return list(dict.fromkeys(stem(word) for word in words))[:MOST_WORDS]


def stem(word: str) -> str:
    """The word without its commonest English endings."""
    word = word.removesuffix("'s").removesuffix("’s")
    for ending, kept, shortest in (("ing", "", 6), ("ed", "", 5), ("ies", "y", 5), ("es", "", 5), ("s", "", 4)):
        if len(word) >= shortest and word.endswith(ending) and not word.endswith("ss"):
            word = word.removesuffix(ending) + kept
            break
    if len(word) > 4:
        word = word.removesuffix("e")
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
