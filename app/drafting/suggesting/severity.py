"""How severe a report sounds: impacts win over latency, and where it can't be told the higher severity is suggested."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.incident import Archetype, Severity
from app.domain.suggestion import Reason
from app.drafting.suggesting.cue_matching import found_in
from app.knowledge.cues import Cue, load_cues
from app.knowledge.thresholds import Thresholds, load_thresholds

GROUPS = (
    "people_harmed",
    "minors",
    "personal_data",
    "data_named",
    "agent_acting",
    "downstream",
    "cut_off",
    "unfair",
    "many",
    "stopped",
    "no_effect",
    "harmless",
)
_SEV1, _SEV2, _SEV3, _SEV4 = Severity
Shown = Mapping[str, Sequence[Reason]]
Verdict = tuple[Severity, Reason]

_ASKED = re.compile(r"[^.!?;\n]*\?")
_DENIED = re.compile(
    r"\bno (\w+ ){0,3}(data|customers?|users?|people|one|patients?|children|minors?|injur\w*|harm\w*|leak\w*)\b"
    r"[^,.;!\n]{0,60}"
    r"|\b(was|were|is|are|has|have|did|does|do)(n't|n’t| not| never) [^,.;!\n]{0,60}",
    re.IGNORECASE,
)
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_LATENCY = re.compile(rf"\bp90\b[^.;\n]{{0,40}}?{_NUMBER}\s*(ms|milliseconds?|s|sec|seconds?)\b", re.IGNORECASE)
_COMPLETION = re.compile(rf"\bcompletion[^.;\n]{{0,40}}?{_NUMBER}\s*(?:%|per ?cent)", re.IGNORECASE)
_VOICE = re.compile(r"\bvoice|\bcall(er|s|ing)?\b|\bphone|speech|\bIVR\b|task completion", re.IGNORECASE)

# How severe a failure of a kind is while nothing is said of its impact.
_USUAL: Mapping[Archetype, tuple[Severity, str]] = {
    Archetype.PROMPT_INJECTION: (_SEV2, "somebody steers the system from outside, and how far isn't known"),
    Archetype.DATA_EXFILTRATION: (_SEV2, "data may be out, and how much isn't known"),
    Archetype.MODEL_MANIPULATION: (_SEV2, "a protection or a model was got around, and what follows isn't known"),
    Archetype.MISINFORMATION_CASCADE: (_SEV2, "something untrue was given out, and who acts on it isn't known"),
    Archetype.TOXICITY_ABUSE: (_SEV2, "people were met with harmful or unfair output"),
    Archetype.AGENTIC_MISALIGNMENT: (_SEV2, "an agent did what it was not to do"),
    Archetype.OTHER: (_SEV3, "it works worse than it should; no harm is told yet"),
    Archetype.UNSURE: (_SEV2, "too little is known, and unsure means the higher one"),
}
_TALKS_OF_PEOPLE_ANYWAY = frozenset({Archetype.MISINFORMATION_CASCADE, Archetype.TOXICITY_ABUSE})
# An attempt at one of these is worth a look though nobody was touched.
_GRAVE = frozenset(
    {
        Archetype.PROMPT_INJECTION,
        Archetype.DATA_EXFILTRATION,
        Archetype.MODEL_MANIPULATION,
        Archetype.AGENTIC_MISALIGNMENT,
    }
)
_ALREADY_OUT = frozenset({Archetype.MISINFORMATION_CASCADE, Archetype.TOXICITY_ABUSE, Archetype.MODEL_MANIPULATION})


@dataclass(frozen=True)
class Severities:
    """Judges severities by cues and thresholds."""

    cues: Sequence[Cue]
    thresholds: Thresholds

    @classmethod
    def of_the_product(cls, folder: Path | None = None) -> Severities:
        """With the thresholds of the operator's folder, where it has any. Raises BadSetup."""
        return cls(load_cues("severity_cues.yml", GROUPS), load_thresholds(folder))

    def of(self, text: str, archetype: Archetype) -> tuple[Severity, tuple[Reason, ...]]:
        """The severity that the report suggests, and what speaks for it."""
        shown = self._shown(text)
        return self._impact(shown, text, archetype) or _alone(_usual(shown, archetype))

    def impact(self, text: str, archetype: Archetype) -> tuple[Severity, tuple[Reason, ...]] | None:
        """The severity that an impact or a threshold makes it; None where the report tells of none."""
        return self._impact(self._shown(text), text, archetype)

    def _shown(self, text: str) -> Shown:
        shown: dict[str, list[Reason]] = {}
        for found in found_in(_asserted(text), self.cues):
            shown.setdefault(found.cue.group, []).append(found.reason)
        return shown

    def _impact(self, shown: Shown, text: str, archetype: Archetype) -> tuple[Severity, tuple[Reason, ...]] | None:
        verdicts = [verdict for rule in _IMPACTS for verdict in rule(shown, archetype)]
        verdicts += _by_voice(text, self.thresholds)
        if not verdicts:
            return None
        worst = min(severity for severity, _ in verdicts)
        return worst, tuple(dict.fromkeys(reason for severity, reason in verdicts if severity is worst))[:3]


def _alone(verdict: Verdict) -> tuple[Severity, tuple[Reason, ...]]:
    return verdict[0], (verdict[1],)


def _asserted(text: str) -> str:
    """The text without what it denies and what it asks."""
    return _DENIED.sub("", _ASKED.sub("", text))


def _usual(shown: Shown, archetype: Archetype) -> Verdict:
    for reason in shown.get("no_effect", ()):
        return (_SEV3 if archetype in _GRAVE else _SEV4), reason
    for reason in (*shown.get("harmless", ()), *shown.get("stopped", ())):
        return (_SEV2 if {"agent_acting", "stopped"} <= shown.keys() else _SEV3), reason
    severity, because = _USUAL[archetype]
    return severity, Reason(because)


def _people(shown: Shown, _archetype: Archetype) -> Iterator[Verdict]:
    for reason in shown.get("people_harmed", ()):
        yield _SEV1, reason


def _minors(shown: Shown, archetype: Archetype) -> Iterator[Verdict]:
    grave = archetype in (Archetype.TOXICITY_ABUSE, Archetype.DATA_EXFILTRATION)
    for reason in shown.get("minors", ()):
        yield (_SEV1 if grave or "people_harmed" in shown else _SEV2), reason


def _data(shown: Shown, archetype: Archetype) -> Iterator[Verdict]:
    for reason in shown.get("data_named", ()):
        yield _SEV1, reason
    if archetype in _TALKS_OF_PEOPLE_ANYWAY:
        return
    narrow = "many" not in shown and ("harmless" in shown or "stopped" in shown)
    for reason in shown.get("personal_data", ()):
        yield (_SEV2 if narrow else _SEV1), reason


def _agent(shown: Shown, archetype: Archetype) -> Iterator[Verdict]:
    if archetype not in (Archetype.AGENTIC_MISALIGNMENT, Archetype.PROMPT_INJECTION):
        return
    for reason in shown.get("agent_acting", ()):
        if "stopped" in shown or "harmless" in shown:
            yield _SEV2, Reason("an agent acted, and is said to have been stopped", reason.phrases)
        else:
            yield _SEV1, Reason("an agent may still be able to act", reason.phrases)


def _downstream(shown: Shown, archetype: Archetype) -> Iterator[Verdict]:
    if archetype in _ALREADY_OUT:
        for reason in shown.get("downstream", ()):
            yield _SEV2, reason


def _cut_off(shown: Shown, _archetype: Archetype) -> Iterator[Verdict]:
    for reason in shown.get("cut_off", ()):
        yield (_SEV1 if "many" in shown else _SEV2), reason


def _unfair(shown: Shown, _archetype: Archetype) -> Iterator[Verdict]:
    for reason in shown.get("unfair", ()):
        yield _SEV2, reason


def _wide(shown: Shown, archetype: Archetype) -> Iterator[Verdict]:
    if archetype is not Archetype.DATA_EXFILTRATION:
        for reason in shown.get("many", ()):
            yield _SEV2, reason


_IMPACTS: Sequence[Callable[[Shown, Archetype], Iterator[Verdict]]] = (
    _people,
    _minors,
    _data,
    _agent,
    _downstream,
    _cut_off,
    _unfair,
    _wide,
)


def _by_voice(text: str, thresholds: Thresholds) -> list[Verdict]:
    """What the figures of a voice agent alone would make it."""
    if not _VOICE.search(text):
        return []
    latency, completion = _seconds(_LATENCY.search(text)), _percent(_COMPLETION.search(text))
    for severity, limit in sorted(thresholds.voice_agent.items()):
        if latency is not None and latency > limit.p90_latency_seconds_above:
            return [(severity, Reason(f"P90 latency is above {limit.p90_latency_seconds_above:g} s"))]
        if completion is not None and completion < limit.task_completion_percent_below:
            return [(severity, Reason(f"task completion is below {limit.task_completion_percent_below:g} %"))]
    return []


def _seconds(match: re.Match[str] | None) -> float | None:
    if match is None:
        return None
    value = float(match[1].replace(",", "."))
    return value / 1000 if match[2].lower().startswith("m") else value


def _percent(match: re.Match[str] | None) -> float | None:
    return float(match[1].replace(",", ".")) if match else None
