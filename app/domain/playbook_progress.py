"""How far an incident is with its playbook: what was done, decided, left out and why, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, text_enum
from app.domain.incident import Incident
from app.domain.playbook import Answer, Item, Playbook, StepKind

SHOWN_NEXT = 3


class StepState(StrEnum):
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    ANSWERED = "answered"


class PlaybookStep(SQLModel, table=True):
    """One step or gate of an incident's playbook that somebody or something has touched.

    `text` is what it said at that time. `reason`: why it was not done, for a step that was skipped; in which way it
    deviated; of a gate the words of its answer, whose key is `answer`. `added_by` names the gate whose answer added it,
    empty for none. `by` and `at` tell who did, skipped or answered it last. A gate's role was asked at `asked_at` and
    reminded at `reminded_at`, in the message that `channel_id` and `ts` name.
    """

    __tablename__ = "playbook_step"
    __table_args__ = (Index("ux_playbook_step_key", "incident_id", "key", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    key: str = Field(max_length=80)
    kind: StepKind = Field(sa_type=text_enum(StepKind))
    text: str = Field(sa_type=Text)
    role: str = Field(max_length=32)
    state: StepState = Field(default=StepState.OPEN, sa_type=text_enum(StepState))
    assignee: str | None = Field(default=None, max_length=32)
    reason: str = Field(default="", sa_type=Text)
    answer: str | None = Field(default=None, max_length=80)
    added_by: str = Field(default="", max_length=80)
    by: str | None = Field(default=None, max_length=32)
    at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    channel_id: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)


@dataclass(frozen=True)
class PlaybookLine:
    """The progress in one line: how many of how many, and what comes next (empty: nothing is left)."""

    done: int
    total: int
    next: str


@dataclass(frozen=True)
class Placed:
    """A step or gate of the playbook with what became of it; `row` None: nothing yet."""

    item: Item
    row: PlaybookStep | None = None

    @property
    def open(self) -> bool:
        return self.row is None or self.row.state is StepState.OPEN

    @property
    def answer(self) -> Answer | None:
        """What a gate was answered, None while it is open or where the playbook no longer has that answer."""
        gate = self.item.gate
        return gate.answer(self.row.answer) if gate and self.row and self.row.answer else None


@dataclass(frozen=True)
class Progress:
    """An incident's playbook with all that became of it."""

    incident: Incident
    playbook: Playbook
    placed: Sequence[Placed]

    @property
    def done(self) -> int:
        """How many steps and gates are done, answered, or left out with a reason."""
        return sum(not one.open for one in self.placed)

    @property
    def total(self) -> int:
        return len(self.placed)

    def of(self, key: str) -> Placed | None:
        """The step or gate of that key, None if it is not one of this playbook's."""
        return next((one for one in self.placed if one.item.key == key), None)

    @property
    def evidence_left(self) -> int:
        """How many pieces of evidence are neither kept nor given up with a reason."""
        return sum(one.open and one.item.kind is StepKind.EVIDENCE for one in self.placed)

    def next_steps(self) -> Sequence[Placed]:
        """The few steps that come next, in the order in which they help."""
        return [one for one in self.placed if one.open and one.item.gate is None][:SHOWN_NEXT]

    def gates_due(self, now: datetime) -> Sequence[Placed]:
        """The open gates whose time to be asked has come, the most urgent first; the next one where none has."""
        gates = [one for one in self.placed if one.open and one.item.gate is not None]
        gates.sort(key=lambda one: one.item.gate.within_minutes if one.item.gate else 0)
        due = [one for one in gates if one.item.gate and one.item.gate.asks_at(self.incident) <= now]
        return due or gates[:1]

    def next_line(self, now: datetime) -> str:
        """What comes next in a few words: what can't wait, a decision that is overdue, else the next step."""
        steps = self.next_steps()
        gates = [one for one in self.gates_due(now) if one.item.gate and one.item.gate.due_at(self.incident) <= now]
        first = [one for one in steps if one.item.rank == 0]
        said = next((one.item.text for one in (*first, *gates, *steps, *self.gates_due(now))), "")
        return said.partition(". ")[0]


def progress_of(incident: Incident, playbook: Playbook, rows: Sequence[PlaybookStep]) -> Progress:
    """The playbook as it holds now; what was done under another one stays where its steps are in this one too."""
    by_key: Mapping[str, PlaybookStep] = {row.key: row for row in rows}
    placed = [Placed(item, by_key.get(item.key)) for item in playbook.items]
    return Progress(incident, playbook, [one for one in placed if one.row is not None or not one.item.waits])
