"""What is known of one message, whatever the order in which it was learned.

Facts only ever grow: adding one twice, or several in another order, gives the same facts. What an entry shows of a
message is worked out from them (app.domain.message). They are plain JSON:

* `who`: {rank, author, bot, thread_ts}, from the best source so far
* `first`: the first words; `edits`: {ts: words from then on}; `before`: {ts: words until then}
* `deleted`: {ts: last words or None}; `files`: {ts of the version: [file]}
* `reactions`: {name: {user: {ts: added or not}}}; `marks`: {ts: [mark, user]}, given by hand
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.channel_event import ChannelEvent, Deleted, Edited, Reacted, Said
from app.domain.timeline import Mark, TimelineEntry

Facts = Mapping[str, Any]

_TS = re.compile(r"(\d{1,10})(?:\.(\d{1,6}))?")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SAID, _EDITED, _DELETED = 3, 2, 1
ID_MAX = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ts_order(ts: str) -> tuple[int, int]:
    """Slack's timestamp as seconds and microseconds. Raises ValueError for anything else."""
    match = _TS.fullmatch(ts)
    if match is None:
        raise ValueError(f"not a message timestamp: {ts!r}")
    return int(match[1]), int((match[2] or "0").ljust(6, "0"))


def instant_of(ts: str) -> datetime:
    """The instant that Slack's timestamp names, to the microsecond."""
    seconds, microseconds = ts_order(ts)
    return _EPOCH + timedelta(seconds=seconds, microseconds=microseconds)


def ts_of(at: datetime) -> str:
    """The instant written as Slack writes it."""
    past = at - _EPOCH
    return f"{past.days * 86_400 + past.seconds}.{past.microseconds:06}"


def happened_at(event: ChannelEvent) -> datetime:
    """When it happened, by the chat's clock. Raises ValueError for an unreadable time."""
    if isinstance(event, Edited):
        return instant_of(event.edited_ts)
    if isinstance(event, Deleted):
        return instant_of(event.deleted_ts)
    return instant_of(event.event_ts if isinstance(event, Reacted) else event.ts)


def storable(text: str) -> str:
    """`text` with the two kinds of character that a database can't keep (NUL, lone surrogates) replaced."""
    return _UNSTORABLE.sub("\ufffd", text)


def facts_of(entry: TimelineEntry) -> Facts:
    """The facts behind a stored entry; a message that was said and no more keeps them in its columns."""
    if entry.facts or not entry.seen:
        return entry.facts
    who = {"rank": _SAID, "author": entry.author, "bot": entry.author_is_bot, "thread_ts": entry.thread_ts}
    facts: dict[str, Any] = {"who": who, "first": entry.text}
    if entry.files:
        facts["files"] = {entry.ts or "0": entry.files}
    return facts


def kept_facts(facts: Facts) -> dict[str, Any]:
    """What has to be stored beside the columns: nothing for a message that was said and no more."""
    plain = set(facts) <= {"who", "first", "files"} and "first" in facts and facts["who"]["rank"] == _SAID
    return {} if plain else dict(facts)


def with_event(facts: Facts, event: ChannelEvent) -> Facts:
    """The facts, with what the event tells. Raises ValueError for unreadable times and an author that is no ID."""
    grown: dict[str, Any] = deepcopy(dict(facts))
    ts_order(event.ts)
    if isinstance(event, Said):
        _add_said(grown, event)
    elif isinstance(event, Edited):
        _add_edited(grown, event)
    elif isinstance(event, Deleted):
        _add_deleted(grown, event)
    else:
        _add_reaction(grown, event)
    return grown


def with_mark(facts: Facts, mark: Mark, by: str, at: datetime) -> Facts:
    """The facts, with a mark that a person gave by hand."""
    grown: dict[str, Any] = deepcopy(dict(facts))
    grown.setdefault("marks", {})[ts_of(at)] = [mark.value, by]
    return grown


def _add_said(facts: dict[str, Any], event: Said) -> None:
    _add_who(facts, _SAID, event)
    if event.edited_ts:
        ts_order(event.edited_ts)
        facts.setdefault("edits", {}).setdefault(event.edited_ts, storable(event.text))
    else:
        facts.setdefault("first", storable(event.text))
    _add_files(facts, event.edited_ts or event.ts, event.files)
    for name, users in event.reactions.items():
        for user in users:
            _add_op(facts, (name, user, event.ts), added=True)


def _add_edited(facts: dict[str, Any], event: Edited) -> None:
    ts_order(event.edited_ts)
    _add_who(facts, _EDITED, event)
    facts.setdefault("edits", {}).setdefault(event.edited_ts, storable(event.text))
    if event.previous_text is not None:
        facts.setdefault("before", {}).setdefault(event.edited_ts, storable(event.previous_text))
    _add_files(facts, event.edited_ts, event.files)


def _add_deleted(facts: dict[str, Any], event: Deleted) -> None:
    ts_order(event.deleted_ts)
    _add_who(facts, _DELETED, event)
    known = facts.setdefault("deleted", {})
    words = event.previous_text
    if known.get(event.deleted_ts) is None:
        known[event.deleted_ts] = None if words is None else storable(words)


def _add_reaction(facts: dict[str, Any], event: Reacted) -> None:
    ts_order(event.event_ts)
    if len(event.user) > ID_MAX:
        raise ValueError("who reacted is no ID")
    _add_op(facts, (event.reaction, event.user, event.event_ts), added=not event.removed)


def _add_op(facts: dict[str, Any], op: tuple[str, str, str], *, added: bool) -> None:
    name, user, ts = op
    ops = facts.setdefault("reactions", {}).setdefault(name, {}).setdefault(user, {})
    ops[ts] = added and ops.get(ts, True)


def _add_who(facts: dict[str, Any], rank: int, event: Said | Edited | Deleted) -> None:
    if not event.author or facts.get("who", {}).get("rank", 0) >= rank:
        return
    if len(event.author) > ID_MAX:
        raise ValueError("the author is no ID")
    thread_ts = event.thread_ts if event.thread_ts and event.thread_ts != event.ts else None
    if thread_ts is not None:
        ts_order(thread_ts)
    facts["who"] = {"rank": rank, "author": event.author, "bot": event.author_is_bot, "thread_ts": thread_ts}


def _add_files(facts: dict[str, Any], version: str, files: tuple[Mapping[str, Any], ...]) -> None:
    if files:
        facts.setdefault("files", {}).setdefault(version, [dict(file) for file in files])
