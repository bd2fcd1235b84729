"""Whom to bring into an incident, and which roles it needs: rules over what is known of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.incident import Archetype, Severity
from app.domain.register import System
from app.domain.roles import Role

MOST_PEOPLE = 3
# How long somebody who was brought in may stay silent.
ANSWER_MINUTES: Mapping[Severity, int] = {Severity.SEV1: 5, Severity.SEV2: 15, Severity.SEV3: 30, Severity.SEV4: 60}
_GRAVE = frozenset({Severity.SEV1, Severity.SEV2})
_MET_BY_OUTSIDERS = frozenset({Archetype.MISINFORMATION_CASCADE, Archetype.TOXICITY_ABUSE, Archetype.DATA_EXFILTRATION})
_PERSONAL = ("personal", "pii", "health", "medical", "patient", "biometric", "child", "customer data", "employee data")


@dataclass(frozen=True)
class Candidate:
    """A person who may be brought in, and why."""

    user: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class RoleAdvice:
    """A role that should be filled, and why. `at_once`: before anything else."""

    role: Role
    why: str
    at_once: bool = False


def candidates(
    system: System | None,
    neighbours: Sequence[tuple[str, System]],
    resolvers: Mapping[str, Sequence[str]],
    there: Collection[str],
) -> Sequence[Candidate]:
    """The people to bring in, the likeliest first, at most MOST_PEOPLE; `there` are in it already.

    `neighbours`: systems beside the failing one, each with its relation (`upstream`, `downstream`). `resolvers`: who
    led similar incidents, with the keys of those.
    """
    reasons: dict[str, list[str]] = {}
    if system is not None:
        for user in system.on_call:
            reasons.setdefault(user, []).append(f"on call for {system.name}")
        for user in system.owners:
            reasons.setdefault(user, []).append(f"owns {system.name}")
    for user, keys in resolvers.items():
        reasons.setdefault(user, []).append(f"led {', '.join(keys[:2])}, which was similar")
    for relation, neighbour in neighbours:
        for user in neighbour.on_call:
            reasons.setdefault(user, []).append(f"on call for {neighbour.name}, {relation}")
    ranked = sorted(reasons, key=lambda user: -len(reasons[user])) if system is None else list(reasons)
    return [Candidate(user, tuple(reasons[user])) for user in ranked if user not in there][:MOST_PEOPLE]


@dataclass(frozen=True)
class Needs:
    """What decides which roles are needed; `archetype` is the suggested one while nobody has named any."""

    archetype: Archetype
    severity: Severity
    system: System | None
    personal_data: bool = False

    @property
    def persons(self) -> bool:
        """True where data of persons may be out: by the kind of failure, together with what the system holds."""
        if self.personal_data or self.archetype is Archetype.DATA_EXFILTRATION:
            return True
        held = " ".join(self.system.data_classes).lower() if self.system is not None else ""
        loses_data = self.archetype in (Archetype.PROMPT_INJECTION, Archetype.AGENTIC_MISALIGNMENT)
        return loses_data and any(word in held for word in _PERSONAL)


def roles_needed(incident: Needs, vacant: Collection[Role]) -> Sequence[RoleAdvice]:
    """The vacant roles that an incident of this kind and severity should have, the most urgent first."""
    advice = [RoleAdvice(Role.COMMANDER, "somebody has to decide", at_once=True)]
    if incident.persons:
        advice.append(RoleAdvice(Role.LEGAL, "data of persons may be involved, and clocks may run", at_once=True))
    elif incident.severity is Severity.SEV1:
        advice.append(RoleAdvice(Role.LEGAL, "at SEV1 a regulator may have to be told"))
    if incident.severity in _GRAVE or incident.archetype is Archetype.AGENTIC_MISALIGNMENT:
        advice.append(RoleAdvice(Role.TECH, "somebody has to contain it", at_once=incident.severity is Severity.SEV1))
    if (incident.severity in _GRAVE and incident.archetype in _MET_BY_OUTSIDERS) or incident.severity is Severity.SEV1:
        advice.append(RoleAdvice(Role.COMMS, "people outside may have seen it"))
    if incident.severity in _GRAVE:
        advice.append(RoleAdvice(Role.SCRIBE, "the record is worth most while it is fresh"))
    return sorted((one for one in advice if one.role in vacant), key=lambda one: not one.at_once)
