"""What people are told of a containment."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.containment import Containment
from app.domain.incident import Incident
from app.domain.notices import Notice


@dataclass(frozen=True)
class ContainmentShown(Notice):
    """The one message about a containment in the incident's channel, updated in place from asking to undoing.

    `private`: told to a person instead, who has to know which incident it is about.
    """

    incident: Incident
    containment: Containment
    private: bool = False


@dataclass(frozen=True)
class ContainmentReview(Notice):
    """Private to whoever leads: a containment has stood for as long as the register says; is it still right?"""

    incident: Incident
    containment: Containment
