"""Two runs of one story compared: what they leave behind, without the numbers and times that no two runs share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]


def lines_of(record: Json, *, with_reminders: bool = False) -> Counter[str]:
    """All that a record says, a line for each fact; digits, of which times and numbers are made, are not told apart."""
    postmortem = record["postmortem"] or {}
    lines = [
        f"incident {record['status']} {record['severity']} {record['title']} {record['summary']} {record['kind']}",
        *(_entry(entry) for entry in record["timeline"]),
        *(f"role {one['role']} {one['user']} {one['to'] is not None}" for one in record["roles"]),
        *(f"status {one['status']} {one['severity']} {one['by']} {one['reason']}" for one in record["status_history"]),
        *(f"unknown {one['id']} {one['text']} {one['answered_at'] is not None}" for one in record["unknowns"]),
        *(_update(one) for one in record["updates"]),
        *(
            f"audit {one['by']} {one['action']} {one['object']} {one['detail']}"
            for one in record["audit"]
            # Whether somebody came late is told by what had been heard by then.
            if one["action"] != "catch_up.offered"
        ),
        f"postmortem {postmortem.get('status')} {_texts(postmortem.get('sections'))}",
    ]
    if with_reminders:
        lines += [f"reminder {one['kind']} {one['state']}" for one in record["reminders"]]
    return Counter(re.sub(r"\d+", "#", line) for line in lines)


def messages_of(record: Json) -> list[tuple[Any, ...]]:
    """The messages in a record in the order of their timestamps, with everything that was done to them."""
    said = [entry for entry in record["timeline"] if entry["source"]["ts"]]
    order = {entry["source"]["ts"]: place for place, entry in enumerate(said)}
    return [
        (
            place,
            entry["author"],
            entry["mark"],
            entry["text"],
            order.get(entry["source"]["thread_ts"]),
            [revision["text"] for revision in entry["revisions"]],
            entry["deleted_at"] is not None,
            [file["name"] for file in entry["files"]],
            {name: sorted(users) for name, users in entry["reactions"].items()},
            entry["permalink"] is not None,
        )
        for place, entry in enumerate(said)
    ]


def _entry(entry: Json) -> str:
    wordings = [revision["text"] for revision in entry["revisions"]]
    told = (entry["author"], entry["mark"], entry["text"], entry["reactions"], entry["deleted_at"] is not None)
    return f"entry {told} was {wordings} files {[file['name'] for file in entry['files']]}"


def _update(update: Json) -> str:
    return (
        f"update {update['audience']} {update['status']} {update['approved_by']} "
        f"{update['published_ts'] is not None} {_texts(update['sections'])}"
    )


def _texts(sections: Mapping[str, Sequence[Json]] | None) -> dict[str, list[str]]:
    return {name: [line["text"] for line in lines] for name, lines in (sections or {}).items()}
