"""What only insiders know by name: the people who respond, the systems that speak in the channel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.incident import Incident, SystemType
from app.drafting.reading.tokens import word_set
from app.ports.drafter import Evidence

# Names that are also words: they count only with a capital, away from the start of a sentence.
_ALSO_WORDS = word_set(
    """will mark may grace hope bill art rob sue dean grant chase rose june april august jack pat drew faith joy ray
    gene max page case day long young king price bell lane reed stone wood brook cash miles rich frank earnest ward
    lee van von del der see web app bot"""
)
_COMMON = word_set(
    """agent assistant bot chatbot model support service system ai the our alert alerts monitor customer app api slack
    workflow"""
)
_GENERIC: Mapping[SystemType | None, str] = {
    SystemType.AGENT: "our AI agent",
    SystemType.GENERATIVE: "our AI assistant",
    SystemType.PREDICTIVE: "our AI system",
    None: "our AI system",
}


@dataclass(frozen=True)
class Inside:
    """Names of `people` and `systems`; `system` is how the failing system is called outside."""

    people: frozenset[str] = frozenset()
    systems: frozenset[str] = frozenset()
    system: str = _GENERIC[None]


def inside_of(evidence: Evidence) -> Inside:
    """The names in an incident's evidence."""
    bots = {entry.author_name for entry in evidence.entries if entry.author_is_bot}
    people = {entry.author_name for entry in evidence.entries if not entry.author_is_bot} | set(evidence.names.values())
    return insiders(evidence.incident, people - bots, bots)


def insiders(incident: Incident, people: Iterable[str], bots: Iterable[str]) -> Inside:
    """The names of an incident's people and automations, and of the system itself."""
    systems = {name for name in (*bots, incident.system or "", incident.channel_name or "") if _telling(name)}
    return Inside(frozenset(people), frozenset(systems), _GENERIC[incident.system_type])


def found_person(text: str, inside: Inside) -> str:
    """The first name of a person in `text`, empty for none."""
    for name in sorted(inside.people, key=len, reverse=True):
        for part in dict.fromkeys([name, *re.split(r"[\s._-]+", name)]):
            if len(part) >= 3 and (match := _person(part).search(text)) is not None:
                return match.group()
    return ""


def found_system(text: str, inside: Inside) -> str:
    """The first internal name of a system in `text`, empty for none."""
    match = _systems(inside)
    found = match.search(text) if match is not None else None
    return found.group() if found else ""


def without_systems(text: str, inside: Inside) -> str:
    """`text` with every internal name of a system replaced by what it is called outside."""
    pattern = _systems(inside)
    if pattern is None:
        return text
    named = re.compile(rf"(?:\b(?:the|our) )?(?:{pattern.pattern})(?: (?:agent|assistant|bot|chatbot|model)\b)?", re.I)
    return named.sub(lambda match: _capital(inside.system, match.start() == 0), text)


def _capital(text: str, first: bool) -> str:
    return text[:1].upper() + text[1:] if first else text


def _person(name: str) -> re.Pattern[str]:
    if name.lower() in _ALSO_WORDS:
        return re.compile(rf"(?<=[\w,;:)] )(?<![\w-]){re.escape(name[:1].upper() + name[1:].lower())}(?![\w-])")
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?:'s)?(?![\w-])", re.IGNORECASE)


def _systems(inside: Inside) -> re.Pattern[str] | None:
    names = sorted(inside.systems, key=len, reverse=True)
    if not names:
        return None
    return re.compile("|".join(rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in names), re.IGNORECASE)


def _telling(name: str) -> bool:
    """True for a name that tells more than what kind of thing it is."""
    parts = re.split(r"[\s._-]+", name.lower())
    return len(name) >= 3 and any(part and part not in _COMMON for part in parts)
