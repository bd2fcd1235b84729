"""Pictures in blocks that are files of the workspace: which may stand there, and who sees them.

A file is seen in the channels that it was shared in: by its upload, or by a posted message that shows it. A changed
message shows it to those who see it anyway, and to the others a gap; Slack does the same.
"""

from collections.abc import Iterator
from typing import Any

from app.workspace.blocks.fields import problem
from app.workspace.model import Channel, File, Json, Message
from app.workspace.state import State

SHOWABLE = frozenset({"image/png", "image/jpeg", "image/gif"})


def _references(blocks: Any, path: str = "/blocks") -> Iterator[tuple[str, Json]]:
    parts = blocks.items() if isinstance(blocks, dict) else enumerate(blocks) if isinstance(blocks, list) else ()
    for name, part in parts:
        if name == "slack_file" and isinstance(part, dict):
            yield f"{path}/{name}", part
        else:
            yield from _references(part, f"{path}/{name}")


def _file(state: State, reference: Json) -> File | None:
    if "id" in reference:
        return state.files.get(str(reference["id"]))
    address = str(reference.get("url", ""))
    return next((one for one in state.files.values() if address == f"{state.base_url}/files/{one.id}/{one.name}"), None)


def problems(state: State, blocks: list[Json]) -> list[str]:
    """What Slack finds wrong with the files in an app's blocks: unknown, not its own, no picture, or too fresh."""
    return [problem(path, "invalid slack file") for path, one in _references(blocks) if not _fit(state, one)]


def _fit(state: State, reference: Json) -> bool:
    file = _file(state, reference)
    if file is None or not file.complete or file.mimetype not in SHOWABLE:
        return False
    if file.refusals_left > 0:
        file.refusals_left -= 1
        return False
    bot = state.app.bot_user_id
    return file.user == bot or any(bot in state.channels[one].members for one in file.shared_in)


def share(state: State, channel: Channel, blocks: list[Json]) -> None:
    """Let those in a channel see the files that a message posted there shows."""
    for _, reference in _references(blocks):
        file = _file(state, reference)
        if file is not None:
            file.shared_in.add(channel.id)


def visible(state: State, person: str, file: File) -> bool:
    """Whether a person sees a file: their own, or one that was shared where they are or could join."""
    channels = (state.channels[one] for one in file.shared_in)
    return file.user == person or any(one.kind == "public" or person in one.members for one in channels)


def seen(state: State, person: str, message: Message) -> list[File]:
    """The files that a person sees in the blocks of a message."""
    files = (_file(state, one) for _, one in _references(message.blocks))
    return [one for one in files if one is not None and visible(state, person, one)]


def addressed(state: State, person: str, blocks: Any) -> Any:
    """The blocks with the address of each file that the person sees, as a client looks it up."""
    if isinstance(blocks, list):
        return [addressed(state, person, one) for one in blocks]
    if not isinstance(blocks, dict):
        return blocks
    return {name: _found(state, person, name, part) for name, part in blocks.items()}


def _found(state: State, person: str, name: str, part: Any) -> Any:
    if name != "slack_file" or not isinstance(part, dict):
        return addressed(state, person, part)
    file = _file(state, part)
    if file is None or not visible(state, person, file):
        return {"id": part.get("id")}
    return {"id": file.id, "url": f"/files/{file.id}/{file.name}"}
