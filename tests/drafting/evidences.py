"""Small evidence made by hand: `said("text", by="mira")` lines become entries a minute apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.domain.incident import Incident, Severity, SystemType
from app.domain.timeline import Mark
from app.ports.drafter import Evidence, EvidenceEntry, OpenUnknown, Sentence

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """One message; `to` is the position of the message whose thread it is in."""

    text: str
    by: str = "mira"
    to: int | None = None
    mark: Mark = Mark.NOTE
    bot: bool = False
    minutes: int | None = None
    earlier: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    from_channel: bool = True
    reactions: dict[str, int] = field(default_factory=dict)


def said(text: str, by: str = "mira", **rest: object) -> Said:
    return Said(text, by, **rest)  # type: ignore[arg-type]


def evidence(*lines: Said, unknowns: Sequence[OpenUnknown] = (), published: Sequence[Sentence] = ()) -> Evidence:
    """Evidence of `lines`; ids count from 1, so that id 0 means nothing."""
    at = START
    entries = []
    for index, line in enumerate(lines):
        at = START + timedelta(minutes=line.minutes if line.minutes is not None else index * 2)
        entries.append(
            EvidenceEntry(
                id=index + 1,
                at=at,
                author=f"U{line.by.upper()}",
                author_name=line.by,
                text=line.text,
                mark=line.mark,
                author_is_bot=line.bot,
                from_channel=line.from_channel,
                thread_of=None if line.to is None else line.to + 1,
                earlier_texts=line.earlier,
                files=line.files,
                reactions=line.reactions,
            )
        )
    incident = Incident(
        team="T1",
        number=7,
        title="Assistant misbehaves",
        severity=Severity.SEV2,
        system_type=SystemType.AGENT,
        declared_at=START,
        declared_by="UMIRA",
    )
    names = {entry.author: entry.author_name for entry in entries}
    return Evidence(
        incident, at + timedelta(minutes=1), entries, tuple(unknowns), names=names, published=tuple(published)
    )
