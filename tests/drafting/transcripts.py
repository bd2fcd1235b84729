"""Transcripts as evidence: what a drafter may see of one at a moment, and nothing of its truth."""

from __future__ import annotations

import importlib.util
import json
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from app.domain.incident import Incident, Severity
from app.domain.postmortem import Part
from app.domain.status_update import Section
from app.ports.drafter import Draft, Evidence, EvidenceEntry, PostmortemDraft

HERE = Path(__file__).parents[1] / "data" / "transcripts"
SCORER = Path(__file__).parents[3] / "shared" / "tools" / "score_draft.py"


def load(name: str) -> dict[str, Any]:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf8"))


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.json"))


def scorer() -> ModuleType | None:
    """The shared scorer, None where it isn't beside the checkout."""
    if not SCORER.exists():
        return None
    spec = importlib.util.spec_from_file_location("score_draft", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def evidence(transcript: dict[str, Any], until_seconds: int) -> Evidence:
    """What had been said by `until_seconds`, from `users`, `messages` and `started_at` alone."""
    started = datetime.fromisoformat(transcript["started_at"].replace("Z", "+00:00"))
    users = {user["id"]: user for user in transcript["users"]}
    texts: dict[int, list[str]] = {}
    order: list[int] = []
    for index, message in enumerate(transcript["messages"]):
        if message["t"] > until_seconds:
            continue
        if "delete_of" in message:
            texts.pop(message["delete_of"], None)
        elif "edit_of" in message:
            texts.get(message["edit_of"], []).append(message["text"])
        else:
            texts[index] = [message["text"]]
            order.append(index)
    entries = []
    for index in order:
        if index not in texts:
            continue
        message = transcript["messages"][index]
        user = users[message["user"]]
        entries.append(
            EvidenceEntry(
                id=index,
                at=started + timedelta(seconds=message["t"]),
                author=message["user"],
                author_name=user["name"],
                text=texts[index][-1],
                author_is_bot=user["role_hint"].startswith("bot"),
                thread_of=message.get("thread_of"),
                earlier_texts=tuple(texts[index][:-1]),
                files=(message["file"],) if "file" in message else (),
                reactions=message.get("reactions", {}),
            )
        )
    incident = Incident(
        team="T1", number=1, title="Incident", severity=Severity.SEV2, declared_at=started, declared_by="U0"
    )
    return Evidence(
        incident=incident,
        as_of=started + timedelta(seconds=until_seconds),
        entries=entries,
        names={user["id"]: user["name"] for user in transcript["users"]},
    )


_SECTIONS = {
    Section.WHAT_HAPPENED: "What happened",
    Section.TESTING: "What we are testing",
    Section.DOING: "What we are doing",
    Section.UNKNOWNS: "What we don't know yet",
}
_PARTS = {
    Part.TIMELINE: "Timeline",
    Part.ROOT_CAUSE: "Root cause",
    Part.IMPACT: "Impact",
    Part.DETECTION_REVIEW: "Detection review",
    Part.RESPONSE_REVIEW: "Response review",
    Part.PREVENTION_PLAN: "Prevention plan",
}


def as_scored(draft: Draft | PostmortemDraft) -> list[dict[str, Any]]:
    """`draft` as the scorer reads it."""
    rows: list[tuple[str, Any]] = []
    if isinstance(draft, Draft):
        rows = [(_SECTIONS[section], line) for section, lines in draft.sections.items() for line in lines]
    else:
        rows = [(_PARTS[part], line) for part, lines in draft.parts.items() for line in lines]
    return [{"section": title, "text": line.text, "citations": list(line.citations)} for title, line in rows]
