"""What people are told of notification deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.clock_record import ClockPhase
from app.domain.incident import Incident
from app.domain.notices import Notice
from app.domain.notification_clock import Level
from app.domain.regime import Regime


@dataclass(frozen=True)
class ClockDue(Notice):
    """Private to the legal liaison, or to the commander: a notification deadline draws near, ends or has passed.

    `regime` None: it is no longer among what is known. `others`: what else ticks. `standing_in`: told because nobody
    is legal liaison. `unanswered`: told because the liaison took up none of the reminders.
    """

    incident: Incident
    phase: ClockPhase
    regime: Regime | None
    level: Level
    others: Sequence[ClockPhase] = ()
    standing_in: bool = False
    unanswered: bool = False
