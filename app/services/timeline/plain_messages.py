"""Messages that were said and no more: nearly all of them, so they take the shortest way into the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from app.domain.channel_event import ChannelEvent, Said
from app.domain.message_facts import ID_MAX, instant_of, storable, ts_order


def is_plain(event: ChannelEvent) -> TypeGuard[Said]:
    """Whether an event that is all there is to know of its message leaves nothing to work out."""
    if not isinstance(event, Said) or event.edited_ts or event.reactions or event.files:
        return False
    return 0 < len(event.author) <= ID_MAX


def plain_row(incident_id: int, said: Said, permalink: str | None) -> Mapping[str, Any]:
    """The columns of its entry that tell it from others; what its facts show is the same for all of them.

    Raises ValueError for unreadable times.
    """
    thread_ts = said.thread_ts if said.thread_ts and said.thread_ts != said.ts else None
    if thread_ts is not None:
        ts_order(thread_ts)
    return {
        "team": said.team,
        "incident_id": incident_id,
        "at": instant_of(said.ts),
        "author": said.author,
        "author_is_bot": said.author_is_bot,
        "text": storable(said.text),
        "permalink": permalink,
        "channel_id": said.channel,
        "ts": said.ts,
        "thread_ts": thread_ts,
    }
