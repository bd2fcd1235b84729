"""What people are told of a postmortem while it is reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.incident import Incident
from app.domain.notices import Notice
from app.domain.postmortem import Postmortem
from app.domain.postmortem_review import PostmortemReviewer


class ReviewMoment(StrEnum):
    """Why somebody is told of a postmortem."""

    ASKED = "asked"
    ANSWERED = "answered"
    DUE = "due"


@dataclass(frozen=True)
class PostmortemWord(Notice):
    """Private. `reviewer`: whose review it is about, None for `due`; `due_at`: when the postmortem is to be completed.

    `now` is when it is told.
    """

    incident: Incident
    postmortem: Postmortem
    moment: ReviewMoment
    now: datetime
    reviewer: PostmortemReviewer | None = None
    due_at: datetime | None = None
