from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.domain.incident import Incident
from app.domain.postmortem import Postmortem
from app.domain.reminder import Reminder, ReminderKind, ReminderState
from app.domain.status_update import Audience, StatusUpdate, UpdateStatus
from app.domain.timeline import EntryRevision, Unknown
from app.store import SqlStore
from tests.store.records import NOW, declare, entry


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def status_update(incident: Incident, version: int, **fields: Any) -> StatusUpdate:
    given: dict[str, Any] = {"sections": {}, "next_update_minutes": 30, "drafted_by": "U1", "drafted_at": NOW}
    return StatusUpdate(team="T1", incident_id=incident.id, version=version, **(given | fields))


async def test_a_timeline_comes_in_the_order_in_which_things_happened(store: SqlStore) -> None:
    incident, other = await declare(store), await declare(store)
    async with store.write() as uow:
        for text, minute in (("third", 5), ("first", 0), ("fourth", 5), ("second", 1)):
            await uow.add(entry(incident, text=text, at=after(minute)))
        await uow.add(entry(other, text="elsewhere"))
    async with store.read() as uow:
        entries = await uow.timeline.entries(incident.id)
        assert [said.text for said in entries] == ["first", "second", "third", "fourth"]
        assert [said.text for said in await uow.timeline.entries(incident.id, until=after(1))] == ["first", "second"]


async def test_a_message_is_found_by_its_time_within_its_incident_and_stored_once(store: SqlStore) -> None:
    incident, other = await declare(store), await declare(store)
    async with store.write() as uow:
        await uow.add(entry(incident, ts="1700000000.000100", text="Ours"))
        await uow.add(entry(other, ts="1700000000.000100", text="Elsewhere"))
    async with store.read() as uow:
        found = await uow.timeline.by_ts(incident.id, "1700000000.000100")
        assert found is not None
        assert found.text == "Ours"
        assert await uow.timeline.by_ts(incident.id, "1700000000.000200") is None


async def test_reading_goes_on_after_the_last_message_that_arrived(store: SqlStore) -> None:
    """An entry without a message and a placeholder for one that didn't arrive don't count."""
    incident = await declare(store)
    async with store.read() as uow:
        assert await uow.timeline.last_message_ts(incident.id) is None
    async with store.write() as uow:
        for ts, seen in (("1700000000.000200", True), ("1700000000.000100", True), ("1700000009.000100", False)):
            await uow.add(entry(incident, ts=ts, seen=seen))
        await uow.add(entry(incident, ts=None))
    async with store.read() as uow:
        assert await uow.timeline.last_message_ts(incident.id) == "1700000000.000200"


async def test_permalinks_and_revisions_are_found(store: SqlStore) -> None:
    incident = await declare(store)
    async with store.write() as uow:
        linked, unlinked = entry(incident, permalink="https://x.test/p1"), entry(incident)
        await uow.add(linked)
        await uow.add(unlinked)
        for text, minute in (("later", 2), ("earlier", 1)):
            given = {"entry_id": linked.id, "at": after(minute), "text": text}
            await uow.add(EntryRevision(team="T1", incident_id=incident.id, **given))
    async with store.read() as uow:
        assert await uow.timeline.permalinks([linked.id, unlinked.id]) == {linked.id: "https://x.test/p1"}
        assert [revision.text for revision in await uow.timeline.revisions(incident.id)] == ["earlier", "later"]


async def test_unknowns_are_found_by_number_and_by_entry(store: SqlStore) -> None:
    incident, other = await declare(store), await declare(store)
    async with store.write() as uow:
        asked = entry(incident)
        await uow.add(asked)
        for where, number in ((incident, 2), (incident, 1), (other, 1)):
            given = {"raised_at": NOW, "raised_by": "U1", "entry_id": asked.id, "text": f"{where.key}: {number}"}
            await uow.add(Unknown(team="T1", incident_id=where.id, number=number, **given))
    async with store.read() as uow:
        assert [one.number for one in await uow.unknowns.all(incident.id)] == [1, 2]
        found = await uow.unknowns.by_number(incident.id, 2)
        assert found is not None
        assert found.text == "INC-1: 2"
        assert await uow.unknowns.by_number(incident.id, 10**30) is None
        assert await uow.unknowns.by_entry(asked.id) is not None
        assert await uow.unknowns.by_entry(asked.id + 1) is None


async def test_the_last_published_update_and_the_one_that_waits_are_told_apart(store: SqlStore) -> None:
    incident = await declare(store)
    published, leadership = UpdateStatus.PUBLISHED, Audience.LEADERSHIP
    async with store.write() as uow:
        await uow.add(status_update(incident, 1, status=published, published_at=after(9)))
        await uow.add(status_update(incident, 2, status=published, published_at=after(5), audience=leadership))
        await uow.add(status_update(incident, 3))
        await uow.add(status_update(incident, 4, status=UpdateStatus.APPROVED))
        await uow.add(status_update(incident, 5, status=UpdateStatus.DISCARDED))
    async with store.read() as uow:
        assert [update.version for update in await uow.updates.all(incident.id)] == [1, 2, 3, 4, 5]
        last = await uow.updates.last_published(incident.id)
        for_leadership = await uow.updates.last_published(incident.id, leadership)
        waiting = await uow.updates.waiting(incident.id)
        assert last is not None
        assert for_leadership is not None
        assert waiting is not None
        assert (last.version, for_leadership.version, waiting.version) == (1, 2, 4)
        assert await uow.updates.last_published(incident.id, Audience.CUSTOMERS) is None


async def test_pending_reminders_come_by_due_time(store: SqlStore) -> None:
    incident = await declare(store)
    async with store.write() as uow:
        for minute, state in ((9, ReminderState.PENDING), (5, ReminderState.PENDING), (1, ReminderState.FIRED)):
            given = {"promise": 1, "kind": ReminderKind.UPDATE_DUE, "due_at": after(minute), "state": state}
            await uow.add(Reminder(team="T1", incident_id=incident.id, **given))
    async with store.read() as uow:
        assert [one.due_at for one in await uow.reminders.pending(incident.id)] == [after(5), after(9)]
        assert len(await uow.reminders.all(incident.id)) == 3


async def test_the_latest_postmortem_is_the_one_of_the_highest_version(store: SqlStore) -> None:
    incident = await declare(store)
    async with store.write() as uow:
        for version in (2, 1):
            given = {"sections": {"impact": [{"text": "None", "citations": []}]}, "drafted_by": "U1", "drafted_at": NOW}
            await uow.add(Postmortem(team="T1", incident_id=incident.id, version=version, **given))
    async with store.read() as uow:
        assert [one.version for one in await uow.postmortems.all(incident.id)] == [1, 2]
        latest = await uow.postmortems.latest(incident.id)
        assert latest is not None
        assert latest.version == 2
        assert latest.sections["impact"][0]["text"] == "None"
