"""The numbers that an operator watches."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.incident import Incident, Kind, Severity, Status
from app.domain.job import Job, JobState
from app.ports.store import Store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


async def test_open_real_incidents_are_counted_by_severity(store: Store) -> None:
    cases = [
        (Severity.SEV1, Kind.REAL, Status.INVESTIGATING),
        (Severity.SEV1, Kind.REAL, Status.CONTAINED),
        (Severity.SEV1, Kind.DRILL, Status.INVESTIGATING),
        (Severity.SEV2, Kind.REAL, Status.CLOSED),
        (Severity.SEV3, Kind.REAL, Status.MONITORING),
    ]
    async with store.write() as uow:
        for number, (severity, kind, status) in enumerate(cases, start=1):
            incident = Incident(
                team=f"T{number % 2}",
                number=number,
                title="x",
                severity=severity,
                kind=kind,
                status=status,
                declared_at=NOON,
                declared_by="U1",
            )
            await uow.add(incident)
    async with store.read() as uow:
        assert await uow.incidents.open_counts() == {Severity.SEV1: 2, Severity.SEV3: 1}


async def test_jobs_that_are_not_over_are_counted_by_state(store: Store) -> None:
    async with store.write() as uow:
        for number, state in enumerate([JobState.PENDING, JobState.PENDING, JobState.FAILED, JobState.DONE]):
            await uow.add(Job(team="T1", kind="card.post", key=f"k{number}", due_at=NOON, state=state))
    async with store.read() as uow:
        assert await uow.jobs.counts() == {JobState.PENDING: 2, JobState.FAILED: 1}
