"""What an entry shows of a message: words and earlier words, mark, reactions, deletion, from the facts known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.message_facts import Facts, instant_of, ts_order
from app.domain.timeline import REACTION_MARKS, Mark, TimelineEntry

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Ticked:
    """A mark that stands on a message: since when and by whom."""

    ts: str
    by: str
    mark: Mark


@dataclass(frozen=True)
class Asking:
    """A message was marked as an unknown: first when and by whom; `withdrawn` names the last one who took it back."""

    raised: Ticked
    withdrawn: Ticked | None


@dataclass(frozen=True)
class Message:
    """What an entry shows of a message. `revisions`: (until when, words), oldest first."""

    seen: bool
    author: str
    author_is_bot: bool
    thread_ts: str | None
    text: str
    edited_ts: str | None
    revisions: tuple[tuple[datetime, str], ...]
    deleted_at: datetime | None
    files: tuple[dict[str, Any], ...]
    reactions: Mapping[str, list[str]]
    mark: Mark
    marked_by: str | None


def message_of(facts: Facts) -> Message:
    """What the facts add up to."""
    who = facts.get("who", {})
    text, edited_ts, revisions = _words(facts)
    standing = marks_on(facts)
    top = max(standing, key=lambda tick: (ts_order(tick.ts), tick.mark), default=None)
    return Message(
        seen=text is not None and bool(who),
        author=who.get("author", ""),
        author_is_bot=who.get("bot", False),
        thread_ts=who.get("thread_ts"),
        text=text or "",
        edited_ts=edited_ts,
        revisions=revisions,
        deleted_at=instant_of(_earliest(facts["deleted"])) if facts.get("deleted") else None,
        files=_files(facts),
        reactions=reactions_on(facts),
        mark=top.mark if top else Mark.NOTE,
        marked_by=top.by if top else None,
    )


def marks_on(facts: Facts, until: datetime | None = None) -> list[Ticked]:
    """Every mark that stands (stood at `until`): the last one given by hand, and newer ones by reaction."""
    limit = _limit(until)
    by_hand = [_given(ts, given) for ts, given in facts.get("marks", {}).items() if limit(ts)]
    last = max(by_hand, key=lambda tick: ts_order(tick.ts), default=None)
    standing = [last] if last else []
    for tick, added in _marking_reactions(facts, limit):
        if added and (last is None or ts_order(tick.ts) > ts_order(last.ts)):
            standing.append(tick)
    return standing


def mark_at(entry: TimelineEntry, at: datetime) -> Mark:
    """The mark that an entry had at that instant; one that was no message has had its own from the beginning."""
    if not entry.facts:
        return entry.mark
    top = max(marks_on(entry.facts, at), key=lambda tick: (ts_order(tick.ts), tick.mark), default=None)
    return top.mark if top else Mark.NOTE


def reactions_on(facts: Facts, until: datetime | None = None) -> dict[str, list[str]]:
    """Who reacts with what (at `until`), in the order in which they did."""
    limit = _limit(until)
    found: dict[str, list[tuple[tuple[int, int], str]]] = {}
    for name, user, ts, added in _reactions(facts, limit):
        if added:
            found.setdefault(name, []).append((ts_order(ts), user))
    return {name: [user for _, user in sorted(found[name])] for name in sorted(found)}


def answered_by(facts: Facts) -> Ticked | None:
    """The first of the marks on the message that say "answered"."""
    ticks = [tick for tick in marks_on(facts) if tick.mark is Mark.ANSWERED]
    return min(ticks, key=lambda tick: (ts_order(tick.ts), tick.by), default=None)


def asking(facts: Facts) -> Asking | None:
    """Whether the message was ever marked as an unknown, and whether that was taken back."""
    moves = list(_moves(facts))
    raised = [tick for tick, asks in moves if asks]
    if not raised:
        return None
    first = min(raised, key=lambda tick: (ts_order(tick.ts), tick.by))
    if any(tick.mark is Mark.UNKNOWN for tick in marks_on(facts)):
        return Asking(first, None)
    ends = [tick for tick, asks in moves if not asks]
    last = max(ends, key=lambda tick: (ts_order(tick.ts), tick.by), default=first)
    return Asking(first, last)


def _moves(facts: Facts) -> Iterator[tuple[Ticked, bool]]:
    for ts, given in facts.get("marks", {}).items():
        tick = _given(ts, given)
        yield tick, tick.mark is Mark.UNKNOWN
    for name, users in facts.get("reactions", {}).items():
        if _mark_of(name) is Mark.UNKNOWN:
            for user, ops in users.items():
                for ts, added in ops.items():
                    yield Ticked(ts, user, Mark.UNKNOWN), added


def _words(facts: Facts) -> tuple[str | None, str | None, tuple[tuple[datetime, str], ...]]:
    """The last words, when they were written (None: at first), and the earlier ones with their ends."""
    revisions: dict[datetime, str] = {}
    words: str | None = facts.get("first")
    edited_ts: str | None = None
    edits = facts.get("edits", {})
    for ts in sorted(edits, key=ts_order):
        words = _missed(revisions, instant_of(ts), words, facts.get("before", {}).get(ts))
        if words != edits[ts]:
            edited_ts = ts
            if words is not None:
                revisions[instant_of(ts)] = words
        words = edits[ts]
    deleted = facts.get("deleted", {})
    if deleted:
        last = next((deleted[ts] for ts in sorted(deleted, key=ts_order) if deleted[ts] is not None), None)
        words = _missed(revisions, instant_of(_earliest(deleted)), words, last)
    return words, edited_ts, tuple(sorted(revisions.items()))


def _missed(revisions: dict[datetime, str], at: datetime, known: str | None, told: str | None) -> str | None:
    """The words that stood just before `at`: those told, if any. Other known ones ended earlier, no one knows when."""
    if told is None or told == known:
        return known
    if known is not None:
        at -= _TICK
        while at in revisions:
            at -= _TICK
        revisions[at] = known
    return told


def _files(facts: Facts) -> tuple[dict[str, Any], ...]:
    files: list[dict[str, Any]] = []
    versions = facts.get("files", {})
    for ts in sorted(versions, key=ts_order):
        files.extend(file for file in versions[ts] if file not in files)
    return tuple(files)


def _marking_reactions(facts: Facts, limit: Callable[[str], bool]) -> Iterator[tuple[Ticked, bool]]:
    for name, user, ts, added in _reactions(facts, limit):
        mark = _mark_of(name)
        if mark is not None:
            yield Ticked(ts, user, mark), added


def _reactions(facts: Facts, limit: Callable[[str], bool]) -> Iterator[tuple[str, str, str, bool]]:
    for name, users in facts.get("reactions", {}).items():
        for user, ops in users.items():
            last = max((ts for ts in ops if limit(ts)), key=ts_order, default=None)
            if last is not None:
                yield name, user, last, ops[last]


def _mark_of(reaction: str) -> Mark | None:
    return REACTION_MARKS.get(reaction.partition("::")[0])


def _given(ts: str, given: list[str]) -> Ticked:
    return Ticked(ts, given[1], Mark(given[0]))


def _earliest(times: Mapping[str, Any]) -> str:
    return min(times, key=ts_order)


def _limit(until: datetime | None) -> Callable[[str], bool]:
    return lambda ts: until is None or instant_of(ts) <= until
