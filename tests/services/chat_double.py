"""A chat in memory that behaves: rooms, messages, people, open forms; it can refuse, lose answers, or stop dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field

from app.domain.channel_event import Said
from app.domain.notices import Notice
from app.ports.chat import Channel, ChatError, ChatRefused, Posted, Profile, Refusal

# Which life of the process a call belongs to; tasks inherit it.
LIFE: ContextVar[int] = ContextVar("life", default=0)


@dataclass
class Message:
    ts: str
    key: str
    notice: Notice


@dataclass
class Room:
    id: str
    name: str
    private: bool
    ours: bool = True
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    pins: list[str] = field(default_factory=list)
    bookmarks: list[tuple[str, str]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def notices(self, kind: type[Notice]) -> list[Notice]:
        return [message.notice for message in self.messages if isinstance(message.notice, kind)]


@dataclass
class _Fault:
    error: ChatError
    times: int
    afterwards: bool


class ChatDouble:
    """One workspace. `calls` lists the methods called, in the order in which they began."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.direct: dict[str, Room] = {}
        self.people = {user: Profile(user, f"Person {user}") for user in ("U1", "U2", "U3", "U4")}
        self.people["UBOT"] = Profile("UBOT", "Deploy bot", is_bot=True)
        self.people["UGONE"] = Profile("UGONE", "Former", deleted=True)
        self.open_forms: dict[str, Notice | None] = {"V1": None}
        self.uninvitable: dict[str, str] = {}
        self.calls: list[str] = []
        self.under_way: list[str] = []
        self._together: tuple[frozenset[str], asyncio.Event] = (frozenset(), asyncio.Event())
        self.stopped_dead = asyncio.Event()
        self._dead_lives: set[int] = set()
        self._faults: dict[str, _Fault] = {}
        self._dies_at: tuple[int, bool] | None = None
        self._clock = 1_800_000_000
        self.add_room("ai-incidents")

    def add_room(self, name: str, *, private: bool = False, ours: bool = False) -> Room:
        room = Room(f"C{len(self.rooms) + 1:08d}", name, private, ours)
        self.rooms[room.id] = room
        return room

    def room(self, name: str) -> Room:
        return next(room for room in self.rooms.values() if room.name == name)

    def incident_rooms(self) -> list[Room]:
        return [room for room in self.rooms.values() if room.name.startswith("inc-") and room.ours]

    def told(self, user: str, kind: type[Notice]) -> list[Notice]:
        return self.direct[user].notices(kind) if user in self.direct else []

    def fail(self, method: str, error: ChatError, *, times: int = 1000, afterwards: bool = False) -> None:
        """The next calls of a method fail; `afterwards`: what they ask for happens all the same, the answer is lost."""
        self._faults[method] = _Fault(error, times, afterwards)

    def heal(self, method: str) -> None:
        self._faults.pop(method, None)

    def hold_until(self, *methods: str) -> asyncio.Event:
        """Let calls of these methods go on only once all of them are under way together."""
        self._together = (frozenset(methods), asyncio.Event())
        return self._together[1]

    def die_at(self, call: int, *, after_it: bool) -> None:
        """From that call on (counted from 1) its life hears nothing more; `after_it`: once it has happened."""
        self._dies_at = (call, after_it)

    async def die_with_life(self) -> None:
        """Never return to a life that is over."""
        if LIFE.get() in self._dead_lives:
            await asyncio.Event().wait()

    async def of(self, _team: str) -> ChatDouble:
        return self

    async def create_channel(self, name: str, *, private: bool) -> Channel:
        async with self._call("create_channel"):
            if any(room.name == name for room in self.rooms.values()):
                raise ChatRefused("name_taken")
            room = self.add_room(name, private=private, ours=True)
            return Channel(room.id, room.name)

    async def find_channel(self, name: str, *, private: bool) -> Channel | None:
        async with self._call("find_channel"):
            found = [r for r in self.rooms.values() if r.name == name and r.private == private and r.ours]
            return Channel(found[0].id, found[0].name) if found else None

    async def invite(self, channel: str, users: Sequence[str]) -> Sequence[Refusal]:
        async with self._call("invite"):
            room = self.rooms[channel]
            for user in users:
                if user not in room.members and user not in self.uninvitable:
                    room.members.append(user)
            return [Refusal(user, self.uninvitable[user]) for user in users if user in self.uninvitable]

    async def set_topic(self, channel: str, text: str) -> None:
        async with self._call("set_topic"):
            self.rooms[channel].topic = text

    async def set_purpose(self, channel: str, text: str) -> None:
        async with self._call("set_purpose"):
            self.rooms[channel].purpose = text

    async def archive(self, channel: str) -> None:
        async with self._call("archive"):
            pass

    async def post(self, channel: str, notice: Notice, *, key: str) -> Posted:
        async with self._call(f"post:{type(notice).__name__}"):
            return self._put(self._place(channel), notice, key)

    async def find(self, channel: str, key: str, *, since_ts: str = "0") -> Posted | None:
        async with self._call("find"):
            room = self._place(channel)
            found = [one for one in room.messages if one.key == key]
            return Posted(room.id, found[0].ts) if found else None

    async def update(self, channel: str, ts: str, notice: Notice) -> None:
        async with self._call(f"update:{type(notice).__name__}"):
            for message in self._place(channel).messages:
                if message.ts == ts:
                    message.notice = notice
                    return
            raise ChatRefused("message_not_found")

    async def delete(self, channel: str, ts: str) -> None:
        async with self._call("delete"):
            room = self._place(channel)
            room.messages = [message for message in room.messages if message.ts != ts]

    async def tell(self, user: str, notice: Notice, *, key: str) -> Posted:
        async with self._call(f"tell:{type(notice).__name__}"):
            return self._put(self._place(user), notice, key)

    async def whisper(self, channel: str, user: str, notice: Notice) -> None:
        async with self._call(f"whisper:{type(notice).__name__}"):
            self._place(user)

    async def pin(self, channel: str, ts: str) -> None:
        async with self._call("pin"):
            if ts not in self.rooms[channel].pins:
                self.rooms[channel].pins.append(ts)

    async def add_bookmark(self, channel: str, title: str, link: str) -> None:
        async with self._call("add_bookmark"):
            room = self.rooms[channel]
            if title not in [known for known, _ in room.bookmarks]:
                room.bookmarks.append((title, link))

    async def show(self, view_id: str, notice: Notice) -> None:
        async with self._call("show"):
            if view_id not in self.open_forms:
                raise ChatRefused("not_found")
            self.open_forms[view_id] = notice

    async def permalink(self, channel: str, ts: str, thread_ts: str | None = None) -> str:
        return f"https://example.invalid/{channel}/{ts}"

    async def profile(self, user: str) -> Profile | None:
        async with self._call("profile"):
            return self.people.get(user)

    async def history(self, channel: str, *, since_ts: str) -> AsyncIterator[Said]:
        for said in ():
            yield said

    def _place(self, place: str) -> Room:
        if place in self.people:
            return self.direct.setdefault(place, Room(f"D{place}", place, True))
        found = self.rooms.get(place) or next((room for room in self.rooms.values() if room.name == place), None)
        if found is None:
            raise ChatRefused("channel_not_found")
        return found

    def _put(self, room: Room, notice: Notice, key: str) -> Posted:
        self._clock += 1
        ts = f"{self._clock}.000000"
        room.messages.append(Message(ts, key, notice))
        return Posted(room.id, ts)

    def _call(self, method: str) -> _Call:
        return _Call(self, method)

    async def _begin(self, method: str) -> None:
        await self.die_with_life()
        self.calls.append(method)
        self.under_way.append(method)
        if self._dies_at == (len(self.calls), False):
            await self._stop()
        await asyncio.sleep(0)
        methods, met = self._together
        if method in methods:
            if methods <= set(self.under_way):
                met.set()
            await asyncio.wait_for(met.wait(), timeout=5)
        fault = self._faults.get(method)
        if fault is not None and fault.times > 0 and not fault.afterwards:
            fault.times -= 1
            raise fault.error

    async def _end(self, method: str, number: int) -> None:
        fault = self._faults.get(method)
        if fault is not None and fault.times > 0 and fault.afterwards:
            fault.times -= 1
            raise fault.error
        if self._dies_at == (number, True):
            await self._stop()

    async def _stop(self) -> None:
        self._dies_at = None
        self._dead_lives.add(LIFE.get())
        self.stopped_dead.set()
        await asyncio.Event().wait()


@dataclass
class _Call:
    chat: ChatDouble
    method: str
    number: int = 0

    async def __aenter__(self) -> None:
        try:
            await self.chat._begin(self.method)
        except BaseException:
            self._over()
            raise
        self.number = len(self.chat.calls)

    async def __aexit__(self, kind: object, _error: object, _trace: object) -> None:
        try:
            if kind is None:
                await self.chat._end(self.method, self.number)
        finally:
            self._over()

    def _over(self) -> None:
        if self.method in self.chat.under_way:
            self.chat.under_way.remove(self.method)
