"""The services that listeners call; filled by the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.board import Board
from app.services.clocks.clocks import Clocks
from app.services.containment.containments import Containments
from app.services.declare import Declare
from app.services.drafts.catch_up import CatchUps
from app.services.drafts.drafts import Drafts
from app.services.drafts.questions import Questions
from app.services.follow_ups.follow_ups import FollowUps
from app.services.lifecycle import Lifecycle
from app.services.playbooks.playbooks import Playbooks
from app.services.postmortems.postmortems import Postmortems
from app.services.postmortems.reviews import PostmortemReviews
from app.services.problems import Problems
from app.services.register import SystemRegister
from app.services.reminders.nudges import Nudges
from app.services.roles import Roles
from app.services.suggestions.suggestions import Suggestions
from app.services.timeline.capture import Capture
from app.services.timeline.marks import Marks
from app.services.timeline.unknowns import Unknowns
from app.services.triage.escalation import Escalation
from app.services.triage.packs import Triage
from app.services.trials.trials import Trials
from app.services.updates.updates import Updates


@dataclass(frozen=True)
class Services:
    """Every service that a listener may call."""

    declare: Declare
    board: Board
    roles: Roles
    lifecycle: Lifecycle
    marks: Marks
    unknowns: Unknowns
    drafts: Drafts
    updates: Updates
    nudges: Nudges
    postmortems: Postmortems
    reviews: PostmortemReviews
    follow_ups: FollowUps
    suggestions: Suggestions
    triage: Triage
    escalation: Escalation
    capture: Capture
    problems: Problems
    containments: Containments
    register: SystemRegister
    playbooks: Playbooks
    clocks: Clocks
    trials: Trials
    catch_ups: CatchUps
    questions: Questions
