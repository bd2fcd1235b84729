"""Where the story plays: the local workspace, its people, and what is on their screens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from app.demo.clock import MovedClock
from app.demo.screen import Screen
from app.workspace import Workspace
from app.workspace.elements import used
from app.workspace.model import Message, View
from app.workspace.person import Person

Found = TypeVar("Found")
# On a machine that does nothing else each act takes far less than a second.
PATIENCE_SECONDS = 60.0


class Place:
    """Finds what people act on, and waits for what becomes of it.

    `settled` returns when all that an act brought about has happened; `pace_seconds`: the pause after each act. `room`
    is the incident's channel once there is one.
    """

    def __init__(
        self,
        workspace: Workspace,
        clock: MovedClock,
        screen: Screen,
        *,
        settled: Callable[[], Awaitable[None]],
        pace_seconds: float = 0,
    ) -> None:
        self.workspace = workspace
        self.clock = clock
        self.screen = screen
        self.room = "general"
        self._everything_settled = settled
        self._pace_seconds = pace_seconds

    def person(self, who: str) -> Person:
        """The person with this handle."""
        return self.workspace.person(who)

    async def form_of(self, who: str) -> View:
        """The form that this person has open, or is about to have."""
        return await self.until(self.person(who).modal)

    async def card(self) -> Message:
        """The incident's card."""
        return await self.until(lambda: self.newest_with("lifecycle.open"))

    def newest_with(self, action_id: str) -> Message | None:
        """The newest message in the room that has an element with this action."""
        messages = list(self.workspace.channel(self.room).messages.values())
        return next((one for one in reversed(messages) if action_id in actions_in(one)), None)

    async def presses_in_form(self, person: Person, action_id: str, ending: str = "") -> None:
        """Press a button of the form on screen, the one whose value ends so, and wait for what takes its place."""
        form = await self.until(lambda: _form_with(person, action_id))
        shown = str(form.blocks)
        value = next(value for value in values_in(form, action_id) if value.endswith(ending))
        await person.press(form, action_id, value=value)
        await self.until(lambda: (now := person.modal()) is not None and str(now.blocks) != shown)

    async def until(self, look: Callable[[], Found | None]) -> Found:
        """What `look` finds, once it does. Raises TimeoutError when that takes too long."""
        found: Found | None = await self.workspace.until(look, timeout_seconds=PATIENCE_SECONDS)
        assert found is not None
        return found

    async def settled(self) -> None:
        """Let everything happen that is due, and the spectator read it."""
        await self._everything_settled()
        await asyncio.sleep(self._pace_seconds)


def actions_in(where: Message | View) -> Sequence[str]:
    """The action ids of a message or form."""
    return [element["action_id"] for _, element in used(where.blocks)]


def values_in(where: Message | View, action_id: str) -> Sequence[str]:
    """The values of the elements with this action id."""
    return [str(element.get("value")) for _, element in used(where.blocks) if element["action_id"] == action_id]


def _form_with(person: Person, action_id: str) -> View | None:
    form = person.modal()
    return form if form is not None and action_id in actions_in(form) else None
