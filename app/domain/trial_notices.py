"""What people are told of a reproduction trial."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.incident import Incident
from app.domain.notices import Notice
from app.domain.trial_record import Trial


@dataclass(frozen=True)
class TrialShown(Notice):
    """The one message about a trial in the incident's channel, updated in place while it runs.

    `verdict`: what all trials of its prompt show, in a sentence.
    """

    incident: Incident
    trial: Trial
    verdict: str
