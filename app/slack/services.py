"""The services that listeners call; filled by the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.board import Board
from app.services.capture import Capture
from app.services.catch_up import CatchUps
from app.services.clocks import Clocks
from app.services.containment import Containments
from app.services.declare import Declare
from app.services.drafts import Drafts
from app.services.escalation import Escalation
from app.services.follow_ups import FollowUps
from app.services.lifecycle import Lifecycle
from app.services.marks import Marks
from app.services.nudges import Nudges
from app.services.playbooks import Playbooks
from app.services.postmortem_reviews import PostmortemReviews
from app.services.postmortems import Postmortems
from app.services.problems import Problems
from app.services.questions import Questions
from app.services.register import SystemRegister
from app.services.roles import Roles
from app.services.suggestions import Suggestions
from app.services.triage import Triage
from app.services.trials import Trials
from app.services.unknowns import Unknowns
from app.services.updates import Updates


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
