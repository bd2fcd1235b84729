"""Timeline entries read as statements: what each says, asks, quotes, counts, and the cues it shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.timeline import Mark
from app.drafting.reading import hostile
from app.drafting.reading.clauses import clauses
from app.drafting.reading.cues import IMPERATIVE, Cue, cues_of, is_ack, opens_question
from app.drafting.reading.tokens import Amount, amounts, content
from app.drafting.reading.wording import read
from app.ports.drafter import Evidence, EvidenceEntry

SHORTLIST = 400
_SPEAKER_NAME = re.compile(r"agent|assistant|copilot|chatbot|gpt|claude|gemini|llama|llm|-ai\b|\bai-", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"(?<![\w'])(?:I|I'm|I've|I'll|my)(?![\w])")
_SELF_ANSWERED = re.compile(
    r"^(?:what|how|who|when|why)\b[^?]*\b(?:work|well|badly|wrong|learn|next|now|found|root cause)", re.IGNORECASE
)
_VOCATIVE = re.compile(
    r"^[\w.-]+, (?=(?:can|could|would|will|do|does|did|is|are|was|have|has|should|shall|may|what|how|who|when|why|"
    r"where|please|pls)\b)",
    re.IGNORECASE,
)
_ASKING_SOMEBODY = re.compile(
    r"^(?:can|could|would|will) (?:you|we|i|somebody|someone|anybody|anyone)\b", re.IGNORECASE
)
_ASKING = re.compile(
    r"^(?:and |so )?(?:what|how|who|when|why|where)(?:'s| is| are| do| does| did| was| were| many| much)\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\b(?:correction|correcting|corrected(?= to|:|\))|^corrected|(?:have to|must|should|let me) correct|misread|"
    r"miscounted|scratch that|strike that|"
    r"my mistake|(?:i|we) (?:was|were) wrong|recount\w*|make that|"
    r"better number|not \d+|instead of \d+|lied|^(?:that'?s|thats) not|(?:that|it|this|which|claim|statement|number|"
    r"report|story|notice|"
    r"figure|count) (?:was|is) (?:false|wrong|untrue|incorrect)|(?:was|were|is) (?:false|untrue)|"
    r"not true|fix\w* my|back to (?:\d|normal|baseline)|"
    r"take (?:my|that|it) [\w ]{0,12}back|did ?n[o']t pass|hold on|hm wait|actually)\b|^\W*no[,.;:!]|^\W*no (?:it|"
    r"that|they)\b|^\W*nope\b|^updated?:|^(?:sorry|oops),? (?:it'?s )?\d|^(?:no|make it),? \d|"
    r"^it'?s (?:the|not)\b",
    re.IGNORECASE,
)
_ALERTING = re.compile(r"\[(?:firing|resolved|alert)\]|alert|alarm|threshold|monitor|psi|p9\d", re.IGNORECASE)
_MARK_CUES: dict[Mark, Cue] = {
    Mark.HYPOTHESIS: Cue.HEDGE,
    Mark.RULED_OUT: Cue.RULED_OUT,
    Mark.DECISION: Cue.DECISION,
    Mark.ACTION: Cue.ACTION,
    Mark.IMPACT: Cue.IMPACT,
    Mark.OBSERVATION: Cue.DETECTION,
    Mark.UNKNOWN: Cue.UNKNOWN,
}


@dataclass(frozen=True)
class Statement:
    """One entry, read. `says` holds its statements and `asks` its questions; either may be empty."""

    entry: EvidenceEntry
    position: int
    says: tuple[str, ...]
    asks: tuple[str, ...]
    quoted: tuple[str, ...]
    cues: frozenset[Cue]
    tokens: frozenset[str]
    amounts: tuple[Amount, ...] = ()
    speaking_system: bool = False
    ack: bool = False
    scores: Mapping[str, float] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> int:
        return self.entry.id

    @property
    def text(self) -> str:
        """Its statements, one after the other."""
        return "; ".join(self.says)

    @cached_property
    def named(self) -> frozenset[str]:
        """Its tokens but the numbers."""
        return frozenset(token for token in self.tokens if not token[0].isdigit())

    @cached_property
    def counted(self) -> frozenset[str]:
        """What its amounts count."""
        return frozenset(amount.unit for amount in self.amounts)

    @cached_property
    def corrects(self) -> bool:
        """True when it says in so many words that something said before does not hold."""
        return any(_CORRECTS.search(clause) for clause in self.says)

    @property
    def marked(self) -> bool:
        return self.entry.mark is not Mark.NOTE


def speaking_systems(evidence: Evidence) -> frozenset[str]:
    """The authors that are systems talking about themselves: automations that say "I" or carry an agent's name."""
    found: set[str] = set()
    subject = (evidence.incident.system or "").lower()
    for entry in evidence.entries:
        if not entry.author_is_bot or not entry.from_channel or entry.author in found:
            continue
        named = _SPEAKER_NAME.search(entry.author_name) or (subject and subject == entry.author_name.lower())
        if named or _FIRST_PERSON.search(entry.text):
            found.add(entry.author)
    return frozenset(found)


def _split(text: str) -> tuple[list[str], list[str]]:
    """The clauses that state and those that ask; a question its asker answers at once becomes a heading."""
    says: list[str] = []
    asks: list[str] = []
    parts = clauses(text)
    parts = [_VOCATIVE.sub("", part) for part in parts]
    for index, part in enumerate(parts):
        asking = (
            part.endswith("?")
            or _ASKING_SOMEBODY.match(part) is not None
            or (opens_question(part) and len(parts) == 1 and len(part.split()) <= 8 and ":" not in part)
        )
        if asking and _SELF_ANSWERED.match(part) and index + 1 < len(parts) and part.endswith("?"):
            parts[index + 1] = f"{part.rstrip('?')}: {parts[index + 1]}"
        elif asking:
            asks.append(part)
        else:
            says.append(part)
    whole = [part for part in says if not is_ack(part)]
    return whole or says[:1], asks


def _hostile(entry: EvidenceEntry, said: str, quoted: Sequence[str]) -> bool:
    bare = said
    for start, end, _ in reversed(hostile.quoted_spans(said)):
        bare = bare[:start] + bare[end:]
    return hostile.gives_orders(bare) or (not bare.strip(" .:") and any(map(hostile.gives_orders, (said, *quoted))))


def _without_name(said: str, names: Mapping[str, str]) -> str:
    """`said` without the name of the person whom it tells to do something."""
    first, _, rest = said.partition(" ")
    called = first.lower().strip(",:") in {name.lower() for name in names.values()}
    return rest if called and IMPERATIVE.match(rest) else said


def read_entry(entry: EvidenceEntry, position: int, names: Mapping[str, str], systems: frozenset[str]) -> Statement:
    """`entry` read as a statement at `position` in the channel."""
    words = read(entry.text, names)
    said = _without_name(words.said, names)
    says, asks = _split(said)
    cues = set(cues_of(words.said))
    if asks:
        cues.add(Cue.QUESTION)
    if entry.mark in _MARK_CUES:
        cues.add(_MARK_CUES[entry.mark])
    if hostile.gives_orders(entry.text) and _hostile(entry, words.said, words.quoted):
        cues.add(Cue.HOSTILE)
    if entry.author_is_bot and _ALERTING.search(words.said):
        cues.add(Cue.DETECTION)
    stated = " ; ".join(says)
    return Statement(
        entry=entry,
        position=position,
        says=tuple(says),
        asks=tuple(asks),
        quoted=words.quoted,
        cues=frozenset(cues),
        tokens=content(words.said),
        amounts=amounts(stated),
        speaking_system=entry.author in systems,
        ack=not entry.files and not words.quoted and is_ack(words.said),
    )


_WEIGHTY = re.compile(
    r"\d|incident|cause|impact|customer|user|affect|decid|decision|revert|roll|deploy|disabl|revok|restor|fix|wrong|"
    r"correct|"
    r"ruled|suspect|confirm|alert|leak|model|data|unknown|prevent|resolved|mitigat|review",
    re.IGNORECASE,
)


def _shortlist(evidence: Evidence) -> Sequence[EvidenceEntry]:
    """At most SHORTLIST entries, in order: what people marked first, then the weightiest and the most discussed."""
    entries = evidence.entries
    if len(entries) <= SHORTLIST:
        return entries
    raised = {unknown.entry_id for unknown in evidence.unknowns}
    cited = {citation for sentence in evidence.published for citation in sentence.citations}

    def weight(position: int) -> tuple[float, int]:
        entry = entries[position]
        hits = len(set(_WEIGHTY.findall(entry.text[:600].lower())))
        wanted = 100 * (entry.mark is not Mark.NOTE) + 60 * (entry.id in raised or entry.id in cited)
        return (wanted + hits + min(3, sum(entry.reactions.values())) / 2 + 2 * bool(entry.earlier_texts), position)

    best = sorted(range(len(entries)), key=weight, reverse=True)[:SHORTLIST]
    return [entries[position] for position in sorted(best)]


def read_all(evidence: Evidence) -> list[Statement]:
    """The entries of `evidence` as statements, oldest first, without what says nothing at all."""
    systems = speaking_systems(evidence)
    read_ones = [
        read_entry(entry, position, evidence.names, systems) for position, entry in enumerate(_shortlist(evidence))
    ]
    return [one for one in read_ones if one.says or one.asks or one.quoted or one.entry.files]
