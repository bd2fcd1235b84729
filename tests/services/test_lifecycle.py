"""Status and severity change by whoever leads, with a reason on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.errors import Conflict, Invalid, NotAllowed
from app.domain.incident import Severity, Status
from app.domain.job import Job
from app.domain.notices import Announcement, Card, StatusChanged
from app.domain.reminder import ReminderState
from app.domain.roles import Role
from app.domain.timeline import TimelineEntry, Unknown
from tests.services.response import ANA, BEN, Response


async def test_a_change_is_on_record_and_shown_everywhere(response: Response) -> None:
    incident = await response.declared()
    await response.lifecycle.change(
        BEN, incident.key, status=Status.CONTAINED, severity=Severity.SEV1, reason="Agent is stopped"
    )
    await response.runner.run_due()
    room = response.room(incident)
    [card] = room.notices(Card)
    [announcement] = response.chat.room("ai-incidents").notices(Announcement)
    [told] = room.notices(StatusChanged)
    assert isinstance(card, Card)
    assert isinstance(announcement, Announcement)
    assert isinstance(told, StatusChanged)
    assert card.incident.status == announcement.incident.status == Status.CONTAINED
    assert (told.before, told.severity_before, told.by, told.reason) == (
        Status.INVESTIGATING,
        "sev2",
        "U2",
        "Agent is stopped",
    )
    assert room.topic.startswith("SEV1 · Contained")
    entry = (await response.entries(incident))[-1]
    assert entry.text == (
        "Changed the status from investigating to contained and the severity from SEV2 to SEV1: Agent is stopped"
    )
    async with response.store.read() as uow:
        changes = await uow.status_changes(incident.id or 0)
    assert [(one.status, one.severity, one.by, one.reason) for one in changes] == [
        (Status.INVESTIGATING, Severity.SEV2, "U1", "Declared"),
        (Status.CONTAINED, Severity.SEV1, "U2", "Agent is stopped"),
    ]


async def test_each_message_tells_its_own_change_even_when_sent_late(response: Response) -> None:
    incident = await response.declared()
    await response.lifecycle.change(ANA, incident.key, status=Status.CONTAINED)
    await response.lifecycle.change(ANA, incident.key, status=Status.MONITORING)
    await response.runner.run_due()
    told = [one for one in response.room(incident).notices(StatusChanged) if isinstance(one, StatusChanged)]
    assert [(one.before, one.incident.status) for one in told] == [
        (Status.INVESTIGATING, Status.CONTAINED),
        (Status.CONTAINED, Status.MONITORING),
    ]


async def test_steps_may_be_skipped_forwards_without_a_reason(response: Response) -> None:
    incident = await response.declared()
    await response.lifecycle.resolve(ANA, incident.key)
    assert (await response.now(incident)).status is Status.RESOLVED


async def test_going_back_needs_a_reason(response: Response) -> None:
    incident = await response.declared()
    await response.lifecycle.change(ANA, incident.key, status=Status.MONITORING)
    with pytest.raises(Invalid, match="needs a reason") as refused:
        await response.lifecycle.change(ANA, incident.key, status=Status.INVESTIGATING, reason="  ")
    assert refused.value.field == "reason"
    await response.lifecycle.change(ANA, incident.key, status=Status.INVESTIGATING, reason="It came back")
    assert (await response.now(incident)).status is Status.INVESTIGATING


async def test_only_the_commander_changes_it_once_there_is_one(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(BEN, incident.key, Role.COMMANDER)
    with pytest.raises(NotAllowed, match="<@U2>"):
        await response.lifecycle.change(ANA, incident.key, status=Status.CONTAINED)
    await response.lifecycle.change(BEN, incident.key, status=Status.CONTAINED)


async def test_changing_nothing_is_said(response: Response) -> None:
    incident = await response.declared()
    with pytest.raises(Conflict, match="is investigating and SEV2 already"):
        await response.lifecycle.change(ANA, incident.key, severity=Severity.SEV2)


async def test_resolving_names_what_is_still_open(response: Response) -> None:
    incident = await response.declared()
    async with response.store.write() as uow:
        entry = TimelineEntry(
            team="T1", incident_id=incident.id or 0, at=response.clock.now(), author="U1", text="Was data shown?"
        )
        await uow.add(entry)
        await uow.add(
            Unknown(
                team="T1",
                incident_id=incident.id or 0,
                number=1,
                text="Was data shown?",
                raised_at=response.clock.now(),
                raised_by="U1",
                entry_id=entry.id or 0,
            )
        )
    await response.lifecycle.resolve(ANA, incident.key)
    await response.runner.run_due()
    [told] = response.room(incident).notices(StatusChanged)
    assert isinstance(told, StatusChanged)
    expected = [
        "Unknown 1 is not answered: Was data shown?",
        "No update was ever published.",
        "Nobody holds the role Incident commander.",
    ]
    # Resolving drafts the postmortem, so its absence is worth a word only afterwards.
    assert told.still_open == expected
    assert await response.lifecycle.still_open(ANA, incident.key) == [*expected, "There is no postmortem yet."]


async def test_a_resolved_incident_promises_no_update_and_gets_a_postmortem_draft(response: Response) -> None:
    incident = await response.declared()
    assert incident.next_update_at == response.clock.now() + timedelta(minutes=60)
    await response.lifecycle.resolve(ANA, incident.key)
    assert (await response.now(incident)).next_update_at is None
    async with response.store.read() as uow:
        reminders = await uow.reminders.all(incident.id or 0)
        drafts = [job for job in [await uow.get(Job, number) for number in range(1, 60)] if job is not None]
    assert {reminder.state for reminder in reminders} == {ReminderState.CANCELLED}
    assert [job.kind for job in drafts].count("postmortem.draft") == 1


async def test_closing_a_resolved_incident_drafts_no_second_postmortem(response: Response) -> None:
    incident = await response.declared()
    await response.lifecycle.resolve(ANA, incident.key)
    await response.runner.run_due()
    await response.lifecycle.close(ANA, incident.key)
    async with response.store.read() as uow:
        jobs = [await uow.get(Job, number) for number in range(1, 80)]
    assert [job.kind for job in jobs if job is not None].count("postmortem.draft") == 1


async def test_reopening_makes_a_new_promise(response: Response) -> None:
    incident = await response.declared()
    await response.lifecycle.resolve(ANA, incident.key)
    response.clock.pass_(minutes=90)
    await response.lifecycle.change(ANA, incident.key, status=Status.INVESTIGATING, reason="It came back")
    assert (await response.now(incident)).next_update_at == response.clock.now() + timedelta(minutes=60)


async def test_a_new_severity_moves_the_promise(response: Response) -> None:
    incident = await response.declared()
    response.clock.pass_(minutes=10)
    await response.lifecycle.change(ANA, incident.key, severity=Severity.SEV1)
    assert (await response.now(incident)).next_update_at == incident.declared_at + timedelta(minutes=30)
