"""A playbook: what to keep, do and decide when an AI system of a type fails in a certain way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.domain.incident import Archetype, Incident, Severity, SystemType
from app.domain.register import Frozen, Key
from app.domain.roles import Role

EVERY = "every"
MOST_ANSWERS = 4
Keys = tuple[Key, ...]
Words = Annotated[str, Field(min_length=1, max_length=300)]
Label = Annotated[str, Field(min_length=1, max_length=40)]


class StepKind(StrEnum):
    EVIDENCE = "evidence"
    PRIORITY = "priority"
    GATE = "gate"
    ACTION = "action"


class Opening(StrEnum):
    """What an answer can point to; the product's own screens."""

    CONTAINMENT = "containment"
    TRIAGE = "triage"
    TRIAL = "trial"
    CLOCKS = "clocks"


class Effect(Frozen):
    """What an answer triggers: actions that it adds, roles that should be held, screens to open, the least severity."""

    adds: Keys = ()
    recommends: tuple[Role, ...] = ()
    opens: tuple[Opening, ...] = ()
    severity: Severity | None = None
    says: Annotated[str, Field(max_length=300)] = ""


class Answer(Frozen):
    """One way to decide a gate, as its button says it, and what follows from it.

    `record`: the decision as a sentence of its own, for the timeline; empty where question and label say enough.
    """

    key: Key
    label: Label
    record: Annotated[str, Field(max_length=300)] = ""
    then: Effect = Effect()


class Step(Frozen):
    """Something to do, by the holder of `role`.

    `at_once`: before anything else. `waits`: it comes only when an answer adds it. `changes`: it alters the system, so
    the evidence has to be kept before.
    """

    key: Key
    text: Words
    role: Role
    at_once: bool = False
    waits: bool = False
    changes: bool = False


class Gate(Frozen):
    """A question that the holder of `role` decides within so many minutes of the declaration."""

    key: Key
    question: Words
    role: Role
    within_minutes: Annotated[int, Field(ge=5, le=43_200)]
    answers: Annotated[tuple[Answer, ...], Field(min_length=2, max_length=MOST_ANSWERS)]

    def answer(self, key: str) -> Answer | None:
        """The answer of that key, None if there is none."""
        return next((one for one in self.answers if one.key == key), None)

    def due_at(self, incident: Incident) -> datetime:
        return incident.declared_at + timedelta(minutes=self.within_minutes)

    def asks_at(self, incident: Incident) -> datetime:
        """When its role is asked, unless somebody has answered before: with half of the time left."""
        return incident.declared_at + timedelta(minutes=self.within_minutes) / 2


class Part(Frozen):
    """One file: what one archetype, one system type, or every incident asks for.

    `standards` maps a framework to identifiers with their names. `extends`: added to the built-in part of that name
    instead of taking its place; `leaves_out` then names its steps and gates that don't hold.
    """

    playbook: Key
    name: Annotated[str, Field(min_length=1, max_length=60)]
    summary: Annotated[str, Field(max_length=300)] = ""
    evidence: tuple[Step, ...] = ()
    priorities: tuple[Step, ...] = ()
    gates: tuple[Gate, ...] = ()
    actions: tuple[Step, ...] = ()
    standards: Mapping[str, tuple[str, ...]] = {}
    extends: bool = False
    leaves_out: Keys = ()

    def items(self) -> Iterator[Item]:
        """Every step and gate, in the file's order."""
        for kind, steps in (
            (StepKind.EVIDENCE, self.evidence),
            (StepKind.PRIORITY, self.priorities),
            (StepKind.GATE, self.gates),
            (StepKind.ACTION, self.actions),
        ):
            yield from (Item(kind, one) for one in steps)

    def extended(self, more: Part) -> Part:
        """This part with the steps of `more` after its own, or in the place of those with the same keys."""
        fields = {name: _joined(getattr(self, name), getattr(more, name), more.leaves_out) for name in _LISTS}
        standards = {**self.standards}
        for framework, named in more.standards.items():
            standards[framework] = tuple(dict.fromkeys((*standards.get(framework, ()), *named)))
        words = {"name": more.name, "summary": more.summary or self.summary, "standards": standards}
        return self.model_copy(update=fields | words)


_LISTS = ("evidence", "priorities", "gates", "actions")


def _joined(first: tuple[Step | Gate, ...], more: tuple[Step | Gate, ...], out: Keys) -> tuple[Step | Gate, ...]:
    joined = {one.key: one for one in first if one.key not in out} | {one.key: one for one in more}
    return tuple(joined.values())


@dataclass(frozen=True)
class Item:
    """A step or gate with what it is."""

    kind: StepKind
    step: Step | Gate

    @property
    def key(self) -> str:
        return self.step.key

    @property
    def gate(self) -> Gate | None:
        return self.step if isinstance(self.step, Gate) else None

    @property
    def text(self) -> str:
        """What is to be done, or the question."""
        return self.step.question if isinstance(self.step, Gate) else self.step.text

    @property
    def waits(self) -> bool:
        return isinstance(self.step, Step) and self.step.waits

    @property
    def changes(self) -> bool:
        return isinstance(self.step, Step) and self.step.changes

    @property
    def rank(self) -> int:
        """What comes first: what can't wait, then evidence, priorities, and what mends it."""
        if isinstance(self.step, Step) and self.step.at_once:
            return 0
        return {StepKind.EVIDENCE: 1, StepKind.PRIORITY: 2, StepKind.GATE: 3, StepKind.ACTION: 4}[self.kind]


@dataclass(frozen=True)
class Playbook:
    """The parts that hold for an incident, as one."""

    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """`Prompt injection · Generative system`."""
        return " · ".join(part.name for part in reversed(self.parts[1:])) or self.parts[0].name

    @property
    def items(self) -> tuple[Item, ...]:
        """Every step and gate once, in the order in which it helps; of two with one key the first counts."""
        found: dict[str, Item] = {}
        for part in self.parts:
            for item in part.items():
                found.setdefault(item.key, item)
        return tuple(sorted(found.values(), key=lambda item: item.rank))

    def item(self, key: str) -> Item | None:
        """The step or gate of that key, None if it isn't part of it."""
        return next((one for one in self.items if one.key == key), None)

    @property
    def standards(self) -> Mapping[str, tuple[str, ...]]:
        """Identifiers with their names by framework, those of all parts."""
        found: dict[str, dict[str, None]] = {}
        for part in reversed(self.parts):
            for framework, named in part.standards.items():
                found.setdefault(framework, {}).update(dict.fromkeys(named))
        return {framework: tuple(named) for framework, named in found.items()}


@dataclass(frozen=True)
class Framework:
    """A published list of risks, techniques or functions, in one edition."""

    name: str
    edition: str
    source: str


@dataclass(frozen=True)
class Library:
    """All parts by name, and the frameworks that they refer to."""

    parts: Mapping[str, Part]
    frameworks: Mapping[str, Framework]

    def playbook(self, archetype: Archetype, system_type: SystemType | None) -> Playbook:
        """What holds for a failure of that kind in that type of system; neither has to be known yet."""
        names = [EVERY, *([system_type.value] if system_type else [])]
        names += [archetype.value] if archetype is not Archetype.UNSURE else []
        return Playbook(tuple(self.parts[name] for name in names))

    def of(self, incident: Incident) -> Playbook:
        """What holds for that incident as it stands."""
        return self.playbook(incident.archetype, incident.system_type)
