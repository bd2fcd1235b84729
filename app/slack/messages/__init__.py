"""How every notice looks as a message; pure."""

from app.slack.messages import (
    announcement,
    answers,
    card,
    clocks,
    containment,
    declare,
    follow_up,
    lifecycle,
    panel,
    playbook,
    postmortem,
    problem,
    reminder,
    roles,
    status_update,
    triage,
    trial,
)
from app.slack.messages.dispatch import Rendered, render

__all__ = [
    "Rendered",
    "announcement",
    "answers",
    "card",
    "clocks",
    "containment",
    "declare",
    "follow_up",
    "lifecycle",
    "panel",
    "playbook",
    "postmortem",
    "problem",
    "reminder",
    "render",
    "roles",
    "status_update",
    "triage",
    "trial",
]
