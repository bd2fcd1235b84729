"""The process may die between any two steps of a declaration: afterwards there is one of everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.domain.notices import Announcement, Card, Checklist, Opening, StatusChanged
from app.domain.roles import Role
from app.ports.store import UnitOfWork
from app.store import SqlStore
from tests.services.chat_double import LIFE, ChatDouble
from tests.services.response import ANA, LEASE, Response

# More than the calls of an undisturbed run; dying later than the last one is dying of nothing.
CALLS = 22


class MortalStore:
    """A store that a life which is over can no longer begin a transaction in."""

    def __init__(self, store: SqlStore, chat: ChatDouble) -> None:
        self._store = store
        self._chat = chat

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        await self._chat.die_with_life()
        async with self._store.write() as uow:
            yield uow

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        await self._chat.die_with_life()
        async with self._store.read() as uow:
            yield uow


async def _respond(response: Response) -> None:
    incident = await response.declared(invite=("U2",))
    await response.roles.claim(ANA, incident.key, Role.COMMANDER)
    await response.lifecycle.resolve(ANA, incident.key, "It is over")
    await response.runner.run_due()


async def _run_until_dead(response: Response) -> asyncio.Task[None]:
    """The life that ended: nothing of it goes on, since every answer it waits for never comes."""
    LIFE.set(1)
    life = asyncio.create_task(_respond(response))
    dead = asyncio.create_task(response.chat.stopped_dead.wait())
    await asyncio.wait({life, dead}, return_when=asyncio.FIRST_COMPLETED)
    dead.cancel()
    # What was being written when it died is written or not; then it is still.
    await asyncio.sleep(0.1)
    return life


async def _bury(life: asyncio.Task[None]) -> None:
    """End a task that waits for ever even while it is being cancelled."""
    while not life.done():
        life.cancel()
        await asyncio.wait({life}, timeout=0.01)


async def _live_again(response: Response) -> None:
    LIFE.set(2)
    response.clock.pass_(seconds=LEASE.total_seconds() + 1)
    response.runner = response.new_runner()
    await response.settle(minutes=1)


@pytest.mark.parametrize("after_it", [False, True], ids=["before_it", "after_it"])
@pytest.mark.parametrize("call", range(1, CALLS + 1))
async def test_one_of_everything_after_dying_at_any_call(store: SqlStore, call: int, after_it: bool) -> None:
    chat = ChatDouble()
    response = Response(MortalStore(store, chat), chat)
    response.chat.open_forms.clear()
    response.chat.die_at(call, after_it=after_it)
    life = await _run_until_dead(response)
    await _live_again(response)
    await _expect_one_of_everything(response)
    await _bury(life)


async def _expect_one_of_everything(response: Response) -> None:
    [room] = response.chat.incident_rooms()
    incident = await response.board.incident(ANA, "INC-1")
    assert incident.channel_id == room.id
    assert sorted(room.members) == ["U1", "U2"]
    assert [message.ts for message in room.messages if isinstance(message.notice, Card)] == [incident.card_ts]
    assert len(response.chat.room("ai-incidents").notices(Announcement)) == 1
    assert len(response.chat.told("U1", Opening)) == 1
    assert room.pins == [incident.card_ts]
    assert len(room.bookmarks) == 2
    if not incident.open:
        assert len(response.chat.told("U1", Checklist)) == 1
        assert len(room.notices(StatusChanged)) == 1
        [card] = room.notices(Card)
        assert isinstance(card, Card)
        assert card.incident.status == incident.status
        assert card.holders == {Role.COMMANDER: "U1"}
    assert not await response.failed(incident)
