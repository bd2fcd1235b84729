"""A small exported record, and ways to add to it."""

from __future__ import annotations

from typing import Any

from app.domain.postmortem import Part


def entry(number: int, at: str, text: str, *, mark: str = "note", author: str = "UANA") -> dict[str, Any]:
    """A message of the channel, as exported."""
    return {
        "id": number,
        "at": f"2026-11-23T{at}:00Z",
        "author": author,
        "mark": mark,
        "text": text,
        "permalink": f"https://meridian.example.com/archives/C1/p{number}",
        "source": {"channel": "C1", "ts": f"{number}.0", "thread_ts": None},
        "revisions": [],
        "deleted_at": None,
        "files": [],
        "reactions": {},
    }


def change(status: str, at: str) -> dict[str, Any]:
    return {"status": status, "severity": "sev2", "at": f"2026-11-23T{at}:00Z", "by": "UANA", "reason": ""}


def update(at: str, next_at: str) -> dict[str, Any]:
    """A published update and when the next was promised."""
    return {
        "audience": "responders",
        "published_at": f"2026-11-23T{at}:00Z",
        "next_update_at": f"2026-11-23T{next_at}:00Z",
    }


def line(text: str, *citations: int) -> dict[str, Any]:
    return {"text": text, "citations": list(citations)}


def record(**changed: Any) -> dict[str, Any]:
    """An incident that was declared at 09:00, contained at 09:40 and resolved at 11:00, with a postmortem."""
    sections: dict[str, list[dict[str, Any]]] = {part.value: [] for part in Part}
    postmortem = {
        "version": 2,
        "status": "draft",
        "sections": sections | changed.pop("sections", {}),
        "system": "orders-agent",
        "owner": "UANA",
        "due_at": "2026-11-30T17:00:00Z",
        "completed_at": None,
        "completed_by": None,
        "reason": "",
        "reviewers": [],
        "comments": [],
        "versions": [],
    }
    whole = {
        "key": "INC-7",
        "kind": "real",
        "title": "The agent deletes orders",
        "summary": "It should only read them.",
        "status": "resolved",
        "severity": "sev2",
        "archetype": "agentic_misalignment",
        "system_type": "agent",
        "system": "orders-agent",
        "visibility": "public",
        "channel": {"id": "C1", "name": "inc-7"},
        "declared_at": "2026-11-23T09:00:00Z",
        "declared_by": "UANA",
        "status_history": [change("investigating", "09:00"), change("contained", "09:40"), change("resolved", "11:00")],
        "roles": [{"role": "commander", "user": "UBEN", "from": "2026-11-23T09:04:00Z", "to": None}],
        "timeline": [],
        "updates": [],
        "containments": [],
        "trials": [],
        "clocks": [],
        "follow_ups": [],
        "postmortem": postmortem,
    }
    return whole | changed
