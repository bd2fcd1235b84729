"""What people are told of a playbook: the question of a gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.incident import Incident
from app.domain.notices import Notice
from app.domain.playbook import Answer, Gate


@dataclass(frozen=True)
class StepGiven(Notice):
    """Private to whoever was given a step of a playbook, with the buttons that close it."""

    incident: Incident
    key: str
    text: str
    given_by: str


@dataclass(frozen=True)
class GateAsked(Notice):
    """Private to whoever decides: the question with a button for each answer; what was decided, once it is.

    `late`: the time to decide is over. `standing_in`: nobody holds the gate's role.
    """

    incident: Incident
    gate: Gate
    due_at: datetime
    late: bool = False
    standing_in: bool = False
    answer: Answer | None = None
    answered_by: str = ""
