"""What the app may put into a message: text, blocks, attachments, metadata."""

import copy
import json
from typing import Any

from app.workspace import pictures
from app.workspace.blocks import check_blocks, too_long
from app.workspace.errors import SlackError
from app.workspace.model import Json
from app.workspace.numbering import name_parts
from app.workspace.state import State

TEXT_CHARACTERS = 40_000
MARKDOWN_CHARACTERS = 12_000
ATTACHMENTS = 100
UNSHOWABLE = "This content can't be displayed."


def parsed(value: Any, error: str) -> Any:
    """A JSON argument, which a form carries as text; refuses broken JSON with `error`."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError as broken:
        raise SlackError(error) from broken


def checked_blocks(state: State, raw: Any) -> list[Json]:
    """A copy of a message's blocks, each named; refuses what Slack would."""
    blocks = parsed(raw, "invalid_blocks_format")
    if blocks is None:
        return []
    problems = check_blocks(blocks, "message") or pictures.problems(state, blocks)
    if problems:
        raise SlackError("invalid_blocks", errors=problems, response_metadata={"messages": problems})
    if too_long(blocks):
        raise SlackError("msg_blocks_too_long")
    accepted: list[Json] = copy.deepcopy(blocks)
    name_parts(state.ids, accepted)
    return accepted


def checked_attachments(raw: Any) -> list[Json]:
    """A message's attachments; at most a hundred, their blocks as strict as the message's own."""
    attachments: list[Json] = parsed(raw, "invalid_attachments") or []
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for attachment in attachments:
        if check_blocks(attachment.get("blocks", []), "message"):
            raise SlackError("invalid_attachments")
    return attachments


def checked_metadata(raw: Any) -> Json | None:
    """A message's metadata: an `event_type` and an `event_payload`, or None."""
    metadata = parsed(raw, "invalid_metadata_format")
    if metadata is None:
        return None
    right = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not right or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def words(args: Json) -> str:
    """The text of a message, cut where Slack cuts it; `markdown_text` stands alone."""
    markdown = args.get("markdown_text")
    if markdown:
        if args.get("text") or args.get("blocks"):
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_CHARACTERS:
            raise SlackError("msg_too_long")
        return str(markdown)
    return str(args.get("text") or "")[:TEXT_CHARACTERS]


def content(state: State, args: Json) -> Json:
    """The checked `text`, `blocks` and `attachments` of a message to be posted."""
    text = words(args)
    blocks = checked_blocks(state, args.get("blocks"))
    attachments = checked_attachments(args.get("attachments"))
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    if blocks and not text:
        text = UNSHOWABLE
    return {"text": text, "blocks": blocks, "attachments": attachments}
