"""Writes a transcript of `../shared/data/transcripts` as a standard Slack export."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CHANNEL = "inc-archive"


def write_export(transcript: Mapping[str, Any], directory: Path) -> dict[int, str]:
    """Write the export and return each message's Slack ts by its index; edits and deletions have none."""
    start = datetime.fromisoformat(transcript["started_at"].replace("Z", "+00:00"))
    users = [_user(user) for user in transcript["users"]]
    (directory / "users.json").write_text(json.dumps(users), encoding="utf-8")
    members = [user["id"] for user in users]
    channels = [{"id": "C0ARCHIVE", "name": CHANNEL, "created": int(start.timestamp()), "members": members}]
    (directory / "channels.json").write_text(json.dumps(channels), encoding="utf-8")
    bots = {user["id"]: user["name"] for user in users if user["is_bot"]}
    messages = _messages(transcript, start, bots)
    days: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for message in messages.values():
        days[datetime.fromtimestamp(float(message["ts"]), UTC).date().isoformat()].append(message)
    folder = directory / CHANNEL
    folder.mkdir()
    for day, said in days.items():
        (folder / f"{day}.json").write_text(json.dumps(sorted(said, key=lambda m: float(m["ts"]))), encoding="utf-8")
    return {index: message["ts"] for index, message in messages.items()}


def _user(user: Mapping[str, str]) -> dict[str, Any]:
    is_bot = user.get("role_hint", "").startswith("bot")
    return {"id": user["id"], "name": user["name"], "is_bot": is_bot, "profile": {"real_name": user["name"]}}


def _messages(transcript: Mapping[str, Any], start: datetime, bots: Mapping[str, str]) -> dict[int, dict[str, Any]]:
    stamps = {index: f"{start.timestamp() + said['t']:.6f}" for index, said in enumerate(transcript["messages"])}
    messages: dict[int, dict[str, Any]] = {}
    for index, said in enumerate(transcript["messages"]):
        if "edit_of" in said:
            messages[said["edit_of"]] |= {
                "text": said["text"],
                "edited": {"user": said["user"], "ts": stamps[index]},
            }
        elif "delete_of" in said:
            messages.pop(said["delete_of"], None)
        else:
            messages[index] = _message(said, stamps[index], stamps, bots)
    return messages


def _message(said: Mapping[str, Any], ts: str, stamps: Mapping[int, str], bots: Mapping[str, str]) -> dict[str, Any]:
    message: dict[str, Any] = {"type": "message", "user": said["user"], "text": said["text"], "ts": ts}
    if said["user"] in bots:
        message |= {"subtype": "bot_message", "bot_id": f"B{said['user'][1:]}", "username": bots[said["user"]]}
    if "thread_of" in said:
        message["thread_ts"] = stamps[said["thread_of"]]
    if "file" in said:
        message["files"] = [
            {"id": "F1", "name": said["file"], "mimetype": "image/png", "permalink": "https://files.invalid/f"}
        ]
    if "reactions" in said:
        message["reactions"] = [
            {"name": name, "count": count, "users": [f"U{n}" for n in range(count)]}
            for name, count in said["reactions"].items()
        ]
    return message
