"""Wording that makes a person the cause of an incident, and how to say it without blame.

A person as a cause ends the search for what made the slip possible and what did not catch it; what somebody did, saw or
decided may be told. Systems may be faulted: only people, their roles and their teams count.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.drafting.blameless import blame_words as w

NAMES_MAX = 500
_ADVICE = {
    "human": "Say what made the slip possible and what did not catch it, instead of calling it an error of a person.",
    "hindsight": "Say what was known at that time, and what would have shown it.",
    "omission": "Say what in the process or the tools should see to it: “{rest}” was left to memory.",
    "cause": "Name the change or the condition, not who stood behind it: “The change … {rest}; nothing stopped it.”",
    "because": "Name what happened and what allowed it, instead of who: “because the change went out without …”.",
}
_OMISSIONS = re.compile(
    r"\b(?:forg\w+ to|neglect\w+ to|failed to|did(?:n'?t| not)(?: bother to)?|should have)\s+(.{3,80}?)(?=[.;,]|$)",
    re.IGNORECASE,
)
_CAUSES = re.compile(r"\b(broke|caused|introduced|triggered|leaked)\s+(.{3,60}?)(?=[.;,]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Blame:
    """One place where a person is made the cause: `words` as they stand there, `advice` how to say it instead."""

    words: str
    advice: str


def blame_in(text: str, people: Collection[str] = (), systems: Collection[str] = ()) -> Sequence[Blame]:
    """Every such place in the text, in order, none overlapping.

    `people`: names of people who may be meant, beyond mentions and common given names; `systems`: names that are no
    people's, such as that of the agent under incident.
    """
    found: list[tuple[int, int, Blame]] = []
    for pattern, kind in _patterns(frozenset(people), frozenset(systems)):
        for match in pattern.finditer(text):
            if _unblamed(text, match):
                continue
            if not any(match.start() < end and start < match.end() for start, end, _ in found):
                found.append((match.start(), match.end(), Blame(match.group().strip(), _advice(kind, text, match))))
    return [blame for _, _, blame in sorted(found, key=lambda one: one[0])]


@lru_cache(maxsize=64)
def _patterns(people: frozenset[str], systems: frozenset[str]) -> Sequence[tuple[re.Pattern[str], str]]:
    named = _named(people, systems)
    person = rf"(?:{named}|(?i:{w.ANYONE}))"
    by_name, by_anyone, by_pronoun = _subjects(named)
    to = r"(?:\s+(?:entirely|clearly|all|made|with|by|of|caused|due|to|that))*"
    not_theirs = r"(?!['’]s? )"
    worded = (
        (rf"{person}['’]s?\s+(?:(?:\w+\s+)?(?i:{w.FAULT_NOUN})|(?i:{w.CARELESS}))\b", "because"),
        (rf"\b(?i:(?:his|her|your)\s+(?:own\s+)?{w.FAULT_NOUN})\b", "because"),
        (rf"\b(?i:{w.FAULT_NOUN} (?:of|by|on the part of))\s+{person}", "because"),
        (rf"\b(?i:{w.FAULT_NOUN}\s+(?:was|is|lay|lies){to})\s+{person}(?:['’]s)?(?=[\s.,:;]|$)", "because"),
        (rf"\b(?i:(?:blame|responsibility|fault)\b[^.;]{{0,40}}? (?:lies|rests|is|was) with)\s+{person}", "because"),
        (rf"\b(?i:because of|due to|thanks to|blamed? (?:on )?|down to)\s*{person}{not_theirs}", "because"),
        (rf"\b(?i:{w.DONE_TO}(?: \w+)? by)\s+{person}{not_theirs}", "because"),
        (rf"\b(?i:if|had)\s+{person}\s+(?i:{w.HAD_DONE})", "hindsight"),
        (rf"{named}['’]s?\s+(?:[\w-]+\s+)?(?i:{w.WORK}\s+{w.ADVERBS}{w.FAULT})", "cause"),
        *((subject, "cause") for subject in (by_name, by_anyone, by_pronoun)),
    )
    return [
        *[(re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in w.EVERYWHERE],
        *[(re.compile(pattern), kind) for pattern, kind in worded],
    ]


def _subjects(named: str) -> tuple[str, str, str]:
    """Somebody by name, by role or by pronoun, who did what went wrong."""
    fault = rf"\s+(?i:{w.ADVERBS}{w.FAULT})\b"
    return (
        rf"{named}(?:\s*\([^)]*\))?(?i:{w.ASIDE})?,?{fault}",
        rf"\b(?i:{w.ANYONE}(?:{w.ASIDE})?){fault}",
        rf"\b(?i:{w.PRONOUN}\s+{w.ADVERBS}{w.HUMAN_FAULT})\b",
    )


def _named(people: frozenset[str], systems: frozenset[str]) -> str:
    """A pattern for somebody by name: a mention, a handle, a full or a given name."""
    words = {word for name in list(people)[:NAMES_MAX] for word in (name, name.split(" ")[0]) if len(word) > 1}
    theirs = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    given = rf"\b(?:{theirs + '|' if theirs else ''}{w.GIVEN_NAMES})\b(?:\s+[A-Z][\w'-]+)?"
    ours = "|".join(re.escape(word) for word in sorted(systems, key=len, reverse=True) if word)
    mentions = r"(?<!\w)(?:<@[UW][A-Z0-9]+(?:\|[^>]*)?>|@[\w.-]*\w)"
    return rf"(?:(?!\b(?i:{ours})\b)(?:{mentions}|{given}))" if ours else rf"(?:{mentions}|{given})"


_DENIED = re.compile(r"\b(?:no|not|never|without|rather than|instead of|neither)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)


def _unblamed(text: str, match: re.Match[str]) -> bool:
    """What is denied blames nobody: "this was not a human error"."""
    return _DENIED.search(text[: match.start()]) is not None


def _advice(kind: str, text: str, match: re.Match[str]) -> str:
    after = text[match.start() :]
    if (left_out := _OMISSIONS.search(after)) is not None and left_out.start() <= len(match.group()):
        return _ADVICE["omission"].format(rest=left_out[1].strip())
    if kind != "cause":
        return _ADVICE[kind]
    if (caused := _CAUSES.search(after)) is not None and caused.start() <= len(match.group()):
        return _ADVICE["cause"].format(rest=f"{caused[1]} {caused[2].strip()}")
    return _ADVICE["because"]
