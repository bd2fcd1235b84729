"""Names, identifiers and addresses of a sentence, held against what it cites and what was being talked of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from app.drafting.grounding.assertion import Assertion, Texts
from app.drafting.reading.clauses import clauses
from app.drafting.reading.tokens import stem, word_set
from app.ports.drafter import EvidenceEntry

_TOKEN = re.compile(r"[^\W_](?:[\w.'\u2019#/&-]*\w)?|#\d+", re.UNICODE)
_CALENDAR = word_set(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday utc gmt cet cest pst pdt est edt
    pacific eastern central am pm"""
)
_NO_NAME = _CALENDAR | word_set(
    "we they people alert alerts i i'm i've i'll ok ic ai ml it a an the sev sev1 sev2 sev3 sev4"
)
_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b", re.IGNORECASE)
_CODE = re.compile(r"^(?=.*\d)(?=.*[^\W\d_]).{3,}$|^v\d+$|_|^#\d+$|^v?\d+\.\d+\.\d+")
_UNIT = re.compile(r"^\d+(?:[.,]\d+)?(?:k|m|h|s|d|x|min|mins|hrs?|ms|st|nd|rd|th|gb|mb|kb|tb|am|pm)$", re.IGNORECASE)


def _bare(token: str) -> str:
    return re.sub(r"['\u2019]s?$", "", token.lower()).strip(".'\u2019")


def _tokens(text: str) -> set[str]:
    """The words of `text`, lower case; compounds and their parts."""
    found = set()
    for token in _TOKEN.findall(text):
        bare = _bare(token)
        found |= {bare, *re.split(r"[-/_]", bare)}
    return found


def proper_names(texts: Texts) -> frozenset[str]:
    """The words that the record writes with a capital within a clause, and its people; lower case."""
    found: set[str] = set()
    for said in texts.said.values():
        for clause in clauses(said.split("\n")[0]):
            found |= {_bare(token) for token in _TOKEN.findall(clause)[1:] if token[0].isupper()}
    for name in texts.situation.evidence.names.values():
        found |= {_bare(token) for token in _TOKEN.findall(name)}
    return frozenset(found) - _NO_NAME


def names_in(text: str, known: frozenset[str]) -> list[str]:
    """The proper names in `text`: written with a capital within the sentence, or at its head and `known`."""
    found = []
    for index, token in enumerate(_TOKEN.findall(text)):
        bare = _bare(token)
        if bare in _NO_NAME or not token[0].isupper() or _CODE.search(token):
            continue
        if index or bare in known:
            found.append(bare)
    return found


def codes_in(text: str) -> list[str]:
    """The identifiers in `text`: letters with digits, underscores, version numbers, ticket numbers."""
    return [
        _bare(t) for t in _TOKEN.findall(text) if _CODE.search(t) and not _UNIT.match(t) and _bare(t) not in _NO_NAME
    ]


def _has(name: str, tokens: Iterable[str]) -> bool:
    root = stem(name)
    return any(name == token or (len(name) > 3 and stem(token) == root) for token in tokens)


@dataclass(frozen=True)
class Naming:
    """The names that a sentence may use: those its cited entries use, and by circumstance those around them.

    Who said or did a thing may be named as such. What was being talked of may be named where the cited entries name
    nothing of the kind that the sentence leaves out.
    """

    one: Assertion
    known: frozenset[str]

    @cached_property
    def cited(self) -> set[str]:
        said = {token for entry in self.one.cited for token in _tokens(self.one.texts.said[entry.id])}
        authors = {bare for entry in self.one.cited for bare in _tokens(entry.author_name)}
        return said | {bare for bare in authors if self._acts(bare)}

    @cached_property
    def talked(self) -> set[str]:
        texts = self.one.texts
        said = {token for entry in self.one.talk for token in _tokens(texts.said[entry.id])}
        said |= _tokens(self.one.situation.evidence.incident.title)
        people = {bare for name in self.one.situation.evidence.names.values() for bare in _tokens(name)}
        return {token for token in said if token not in people or self._acts(token)}

    def holds(self, name: str) -> bool:
        parts = [part for part in re.split(r"[-/]", name) if part]
        return (
            name in self.cited
            or all(_has(part, self.cited) for part in parts)
            or (all(_has(part, self.talked | self.cited) for part in parts) and not self._others())
        )

    def holds_code(self, code: str) -> bool:
        if code in self.cited:
            return True
        left_out = set(codes_in(self.one.body)) - set(codes_in(self.one.text))
        return code in self.talked and not left_out

    def _others(self) -> bool:
        """True when the cited entries name something that the sentence does not."""
        said = _tokens(self.one.text)
        people = {bare for name in self.one.situation.evidence.names.values() for bare in _tokens(name)}
        bodies = (self.one.texts.said[entry.id] for entry in self.one.cited)
        named = {name for body in bodies for clause in clauses(body) for name in names_in(clause, self.known)}
        return any(not _has(name, said) for name in named - people)

    def _acts(self, name: str) -> bool:
        """True when the sentence names somebody as the one who acted: at its head, or after "by", "told", a comma."""
        doing = rf"(?:^|\b(?:by|from|to|and|with|asked|told|for|where|that)\s|[,:;]\s){re.escape(name)}\b(?!-)"
        return re.search(doing, self.one.text, re.IGNORECASE) is not None


def wrong_name(one: Assertion, known: frozenset[str]) -> str:
    """Why a name, an identifier or an address of the sentence does not hold; empty when all do."""
    naming = Naming(one, known)
    for host in _HOST.findall(one.text):
        if host.lower() not in one.body.lower():
            return f"the address {host} is not in what it cites"
    for code in codes_in(one.text):
        if not naming.holds_code(code):
            return f"{code} is not in what it cites"
    for name in names_in(one.text, known):
        if not naming.holds(name):
            return f"the name {name.title()} is not in what it cites"
    return ""


def source_of_names(one: Assertion, known: frozenset[str]) -> EvidenceEntry | None:
    """The latest entry of the same talk that names what the sentence names and its cited entries leave out."""
    naming = Naming(one, known)
    wanted = [name for name in (*names_in(one.text, known), *codes_in(one.text)) if not _has(name, naming.cited)]
    if not wanted:
        return None
    for entry in reversed(one.talk):
        if all(_has(name, _tokens(one.texts.said[entry.id])) for name in wanted):
            return entry
    return None
