"""What people are told, as data; how it looks is decided by whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.approval import Need
from app.domain.clock_record import ClockPhase
from app.domain.containment import Containment
from app.domain.follow_up import FollowUp
from app.domain.incident import Incident, Status
from app.domain.playbook_progress import PlaybookLine
from app.domain.postmortem import Postmortem
from app.domain.postmortem_review import PostmortemReviewer
from app.domain.register import System
from app.domain.roles import Role, RoleHolding
from app.domain.status_update import StatusUpdate
from app.domain.suggestion_offer import SuggestionOffer
from app.domain.timeline import Unknown


class Notice:
    """Anything that people are told; each kind is a frozen dataclass, beside the records that it shows."""


@dataclass(frozen=True)
class Card(Notice):
    """The pinned card of an incident: what it is, who has which role, when the next update is promised.

    `system`: its entry in the register, None while none is named or the named one isn't in it.
    `containments`: all that was ever asked for. `deadline`: the next notification deadline, None while none ticks.
    """

    incident: Incident
    holders: Mapping[Role, str]
    open_unknowns: int = 0
    last_update: StatusUpdate | None = None
    suggestion: SuggestionOffer | None = None
    system: System | None = None
    containments: Sequence[Containment] = ()
    playbook: PlaybookLine | None = None
    deadline: ClockPhase | None = None


@dataclass(frozen=True)
class Announcement(Notice):
    """The one message about a public incident in the announcements channel, updated in place."""

    incident: Incident
    holders: Mapping[Role, str]
    last_update: StatusUpdate | None = None


@dataclass(frozen=True)
class Opening(Notice):
    """What the declarer sees while the room is being set up (`incident.channel_id` None) and when it is ready."""

    incident: Incident


@dataclass(frozen=True)
class DeclarationFailed(Notice):
    """Told to the declarer when nothing could be declared: why, and what to do."""

    title: str
    reason: str


@dataclass(frozen=True)
class Checklist(Notice):
    """What the holder of a role does first; private to them. `note` is what the one before handed over."""

    incident: Incident
    role: Role
    steps: Sequence[str]
    given_by: str
    note: str = ""


@dataclass(frozen=True)
class UpdateSoon(Notice):
    """Private, before a promised update falls due."""

    incident: Incident
    due_at: datetime
    reminder_id: int
    standing_in: bool = False


@dataclass(frozen=True)
class UpdateDue(Notice):
    """The one nudge in the channel for a promised update, with Draft, Snooze and Dismiss; `late` once it is late."""

    incident: Incident
    due_at: datetime
    reminder_id: int
    late: bool = False


@dataclass(frozen=True)
class UpdateLate(Notice):
    """Private to the commander (the declarer while there is none): a promised update is late."""

    incident: Incident
    due_at: datetime
    reminder_id: int
    minutes_late: int


@dataclass(frozen=True)
class UpdateReview(Notice):
    """A stored draft waiting for approval or publishing, with Approve, Publish, Edit and Discard.

    `links` maps entry ids to permalinks; `needs` are the approvals that it takes, given or waited for;
    `earlier`: there is a version that it can be read against.
    """

    incident: Incident
    update: StatusUpdate
    links: Mapping[int, str] = field(default_factory=dict)
    needs: Sequence[Need] = ()
    earlier: bool = False


@dataclass(frozen=True)
class UpdatePublished(Notice):
    """A published What We Know. `links` maps entry ids to permalinks."""

    incident: Incident
    update: StatusUpdate
    links: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StatusChanged(Notice):
    """Told in the channel when status or severity changed; `still_open`: what is unfinished on resolve or close.

    `fix`: whether trials show that the fix holds, where that matters; empty elsewhere.
    """

    incident: Incident
    before: Status
    severity_before: str
    by: str
    reason: str = ""
    still_open: Sequence[str] = ()
    fix: str = ""


@dataclass(frozen=True)
class PostmortemReady(Notice):
    """A postmortem as it stands; shown short, opened whole by a button."""

    incident: Incident
    postmortem: Postmortem
    reviewers: Sequence[PostmortemReviewer] = ()


@dataclass(frozen=True)
class Problem(Notice):
    """Something could not be done: what, and what to do. `job_id` offers a button to try again, None offers none."""

    incident: Incident
    what: str
    todo: str
    job_id: int | None = None


@dataclass(frozen=True)
class Panel(Notice):
    """The incident at a glance for one person, with every action as a button or menu; `system` as on the card."""

    incident: Incident
    holders: Mapping[Role, str]
    unknowns: Sequence[Unknown]
    last_update: StatusUpdate | None
    waiting_update: StatusUpdate | None
    postmortem: Postmortem | None
    viewer: str = ""
    role_history: Sequence[RoleHolding] = ()
    follow_ups: Sequence[FollowUp] = ()
    system: System | None = None
    deadline: ClockPhase | None = None
    fix: str = ""
    cascade: str = ""
