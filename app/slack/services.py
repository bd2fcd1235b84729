"""The services that listeners call, as they see them; filled by the composition root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.incident import Incident, Severity, Status, StatusChange
from app.domain.notices import Panel
from app.domain.postmortem import Postmortem
from app.domain.roles import Role, RoleHolding
from app.domain.status_update import Audience, Section, StatusUpdate
from app.domain.timeline import Mark, TimelineEntry, Unknown
from app.ports.drafter import Draft
from app.services.actor import Actor
from app.services.capture import Received
from app.services.declare import Declaration


class Declares(Protocol):
    async def submit(self, actor: Actor, declaration: Declaration) -> Incident: ...


class Boards(Protocol):
    async def panel(self, actor: Actor, key: str) -> Panel: ...

    async def open_incidents(self, actor: Actor) -> Sequence[Incident]: ...

    async def by_channel(self, team: str, channel: str) -> Incident | None: ...

    async def incident(self, actor: Actor, key: str) -> Incident: ...


class KeepsRoles(Protocol):
    async def claim(self, actor: Actor, key: str, role: Role) -> RoleHolding: ...

    async def give(self, actor: Actor, key: str, role: Role, user: str, note: str = "") -> RoleHolding: ...

    async def release(self, actor: Actor, key: str, role: Role) -> RoleHolding: ...


class Lives(Protocol):
    async def change(
        self,
        actor: Actor,
        key: str,
        *,
        status: Status | None = None,
        severity: Severity | None = None,
        reason: str = "",
    ) -> StatusChange: ...

    async def still_open(self, actor: Actor, key: str) -> Sequence[str]: ...


class MarksEntries(Protocol):
    async def note(self, actor: Actor, key: str, mark: Mark, text: str) -> TimelineEntry: ...

    async def mark(self, actor: Actor, channel: str, ts: str, mark: Mark) -> TimelineEntry: ...


class ListsUnknowns(Protocol):
    async def raise_(self, actor: Actor, key: str, text: str) -> Unknown: ...

    async def answer(self, actor: Actor, key: str, number: int, text: str) -> Unknown: ...

    async def list(self, actor: Actor, key: str) -> Sequence[Unknown]: ...


class Drafting(Protocol):
    @property
    def has_model(self) -> bool: ...

    async def extractive(self, actor: Actor, key: str, audience: Audience) -> Draft: ...

    async def best(self, actor: Actor, key: str, audience: Audience) -> Draft: ...


class KeepsUpdates(Protocol):
    async def store(
        self,
        actor: Actor,
        key: str,
        audience: Audience,
        sections: Mapping[Section, str],
        next_update_minutes: int,
        account: Mapping[str, Any] | None,
    ) -> StatusUpdate: ...

    async def approve(self, actor: Actor, update_id: int) -> StatusUpdate: ...

    async def publish(self, actor: Actor, update_id: int) -> StatusUpdate: ...

    async def discard(self, actor: Actor, update_id: int) -> StatusUpdate: ...

    async def waiting(self, actor: Actor, update_id: int) -> tuple[StatusUpdate, Incident]: ...

    def form_text(self, source: Draft | StatusUpdate) -> Mapping[Section, str]: ...


class Nudging(Protocol):
    async def snooze(self, actor: Actor, reminder_id: int, minutes: int | None = None) -> Incident: ...

    async def dismiss(self, actor: Actor, reminder_id: int) -> Incident: ...


class KeepsPostmortems(Protocol):
    async def draft(self, actor: Actor, key: str) -> Postmortem: ...

    async def latest(self, actor: Actor, key: str) -> Postmortem | None: ...

    async def links(self, actor: Actor, postmortem: Postmortem) -> Mapping[int, str]: ...


class Captures(Protocol):
    async def submit(self, received: Received) -> None: ...


class RetriesJobs(Protocol):
    async def retry(self, actor: Actor, job_id: int) -> Incident: ...


@dataclass(frozen=True)
class Services:
    """Every service that a listener may call."""

    declare: Declares
    board: Boards
    roles: KeepsRoles
    lifecycle: Lives
    marks: MarksEntries
    unknowns: ListsUnknowns
    drafts: Drafting
    updates: KeepsUpdates
    nudges: Nudging
    postmortems: KeepsPostmortems
    capture: Captures
    problems: RetriesJobs
