"""Notes taken through the bot, and marks given to what was said."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.cascade import Layer
from app.domain.errors import Invalid, NotFound
from app.domain.message_facts import facts_of, with_mark
from app.domain.timeline import Mark, TimelineEntry
from app.domain.visible_text import has_something_visible
from app.ports.clock import Clock
from app.ports.store import Store
from app.services.access import id_of, locked_for, may_see
from app.services.actor import Actor
from app.services.drafts.asking import number_unknown
from app.services.record_keeping import keep_audit, keep_entry
from app.services.timeline.recording import learn

NOTE_MAX = 10_000


@dataclass(frozen=True)
class Marks:
    """What people put on the timeline themselves."""

    store: Store
    clock: Clock

    async def note(self, actor: Actor, key: str, mark: Mark, text: str, layer: Layer | None = None) -> TimelineEntry:
        """Write an entry with that mark, as of now; with `unknown` it is numbered as one. `layer`: where it happened.

        Raises NotFound, and Invalid for a text that is empty or too long.
        """
        words = worded(text, mark)
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            entry = await keep_entry(uow, incident, actor, now, words, mark)
            entry.layer = layer
            if mark is Mark.UNKNOWN:
                await number_unknown(uow, incident, entry, raised_at=now, raised_by=actor.user)
            await keep_audit(uow, incident, actor, now, ("entry.noted", f"entry:{entry.id}"), {"mark": mark.value})
        return entry

    async def place(self, actor: Actor, key: str, entry_id: int, layer: Layer | None) -> TimelineEntry:
        """Say in which layer an entry happened, None to take that back. Raises NotFound."""
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            entry = await uow.get(TimelineEntry, entry_id)
            if entry is None or entry.incident_id != incident.id or not entry.seen:
                raise NotFound(
                    f"{incident.key} has no entry {entry_id}. Drafts cite entries by number, and marking a message "
                    "asks for its layer as well. Nothing was changed."
                )
            detail = {"layer": layer.value if layer else None, "before": entry.layer.value if entry.layer else None}
            entry.layer = layer
            await keep_audit(uow, incident, actor, now, ("entry.placed", f"entry:{entry.id}"), detail)
        return entry

    async def mark(self, actor: Actor, channel: str, ts: str, mark: Mark, layer: Layer | None = None) -> TimelineEntry:
        """Give a message of an incident's channel a mark; `note` takes the marks away. `layer` None leaves it.

        Raises NotFound when the channel is no incident's or the message isn't on its timeline.
        """
        now = self.clock.now()
        async with self.store.write() as uow:
            found = await uow.incidents.by_channel(actor.team, channel)
            if found is None or not await may_see(uow, Actor(actor.team, actor.user, channel), found):
                raise NotFound("Only messages in an incident's channel can be marked. Nothing was changed.")
            incident = await uow.incidents.locked(id_of(found))
            entry = await uow.timeline.by_ts(id_of(incident), ts)
            if entry is None or not entry.seen:
                raise NotFound(
                    "That message is not on the incident's timeline: the bot's own messages are not kept there, and a "
                    "new one takes a moment. Nothing was changed."
                )
            before = entry.mark
            await learn(uow, incident, entry, with_mark(facts_of(entry), mark, actor.user, now))
            entry.layer = layer or entry.layer
            detail = {"mark": mark.value, "before": before.value} | ({"layer": layer.value} if layer else {})
            await keep_audit(uow, incident, actor, now, ("entry.marked", f"entry:{entry.id}"), detail)
        return entry


def worded(text: str, mark: Mark) -> str:
    """The words to keep, trimmed. Raises Invalid when nothing can be seen in them or they are too long."""
    words = text.strip()
    if not has_something_visible(words):
        name = mark.value.replace("_", "-")
        raise Invalid(
            f"There are no words to keep. Write them after the command: `/ai-incident {name} …`", field="text"
        )
    if len(words) > NOTE_MAX:
        raise Invalid(
            f"That is {len(words):,} characters; a note can have {NOTE_MAX:,}. "
            "Nothing was kept: post it as a message in the channel instead, where it is captured whole.",
            field="text",
        )
    return words
