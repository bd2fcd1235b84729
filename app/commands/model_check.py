"""Whether the configured model answers."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.incident import Incident, Severity
from app.ports.drafter import DrafterFailed, Evidence, EvidenceEntry
from app.settings import Settings
from app.workbench import model_drafter


async def model(settings: Settings) -> str:
    """What is wrong with the model and what to do; empty when it drafts, or when none is configured."""
    drafter = model_drafter(settings)
    if drafter is None:
        return ""
    try:
        await drafter.draft_update(_smallest_evidence())
    except DrafterFailed as error:
        return f"{error}. Check OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY"
    finally:
        await drafter.close()
    return ""


def _smallest_evidence() -> Evidence:
    """An incident in which one thing was said."""
    now = datetime.now(UTC)
    incident = Incident(
        team="local", number=0, title="A test of the model", severity=Severity.SEV4, declared_at=now, declared_by="U0"
    )
    said = EvidenceEntry(id=1, at=now, author="U0", author_name="Operator", text="The assistant stopped answering.")
    return Evidence(incident=incident, as_of=now, entries=[said])
