"""What people are told of follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.follow_up import FollowUp, Moment
from app.domain.incident import Incident
from app.domain.notices import Notice


@dataclass(frozen=True)
class FollowUpWord(Notice):
    """Private, about one follow-up: `moment` is why, `today` the date where it is read.

    `reader` is who is told: its owner, or whoever leads while it has none or when it is overdue.
    """

    incident: Incident
    follow_up: FollowUp
    moment: Moment
    today: date
    reader: str
