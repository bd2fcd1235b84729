"""A chat on paper: what was posted, told, changed and deleted, with failures that a test orders."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from app.domain.channel_event import Said
from app.domain.job import Job
from app.domain.notices import Notice
from app.ports.chat import Channel, ChatError, ChatRefused, ChatUnsure, Posted, Profile, Refusal
from app.ports.store import UnitOfWork
from app.services.jobs.runner import Finish, nothing_more


class Quiet:
    """The jobs of other parts: done at once."""

    async def perform(self, job: Job) -> Finish:
        return nothing_more

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None: ...


@dataclass
class Message:
    channel: str
    ts: str
    notice: Notice
    key: str
    changes: int = 0


@dataclass
class PaperChat:
    """`fails` holds, by method, the errors that the next calls of it raise; a ChatUnsure is raised after the deed."""

    messages: list[Message] = field(default_factory=list)
    deleted: list[Message] = field(default_factory=list)
    fails: dict[str, list[ChatError]] = field(default_factory=dict)
    told: list[Said] = field(default_factory=list)
    profiles: dict[str, Profile] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    posted: int = 0

    async def of(self, team: str) -> PaperChat:
        return self

    def standing(self, kind: type[Notice], channel: str | None = None) -> list[Message]:
        return [
            one for one in self.messages if isinstance(one.notice, kind) and (channel is None or one.channel == channel)
        ]

    async def create_channel(self, name: str, *, private: bool) -> Channel:
        return Channel(f"C{name}", name)

    async def find_channel(self, name: str, *, private: bool) -> Channel | None:
        return None

    async def invite(self, channel: str, users: Sequence[str]) -> Sequence[Refusal]:
        return ()

    async def set_topic(self, channel: str, text: str) -> None: ...

    async def set_purpose(self, channel: str, text: str) -> None: ...

    async def archive(self, channel: str) -> None: ...

    async def post(self, channel: str, notice: Notice, *, key: str) -> Posted:
        error = self._failure("post")
        if error is not None and not isinstance(error, ChatUnsure):
            raise error
        self.posted += 1
        message = Message(channel, f"{1_800_000_000 + self.posted}.000000", notice, key)
        self.messages.append(message)
        if error is not None:
            raise error
        return Posted(channel, message.ts)

    async def find(self, channel: str, key: str, *, since_ts: str = "0") -> Posted | None:
        place = f"D{channel}" if channel.startswith("U") else channel
        found = [one for one in self.messages if one.channel == place and one.key == key]
        return Posted(place, found[0].ts) if found else None

    async def update(self, channel: str, ts: str, notice: Notice) -> None:
        error = self._failure("update")
        if error is not None:
            raise error
        for one in self.messages:
            if (one.channel, one.ts) == (channel, ts):
                one.notice, one.changes = notice, one.changes + 1
                return
        raise ChatRefused("message_not_found")

    async def delete(self, channel: str, ts: str) -> None:
        error = self._failure("delete")
        if error is not None:
            raise error
        gone = [one for one in self.messages if (one.channel, one.ts) == (channel, ts)]
        self.deleted.extend(gone)
        self.messages = [one for one in self.messages if one not in gone]

    async def tell(self, user: str, notice: Notice, *, key: str) -> Posted:
        return await self.post(f"D{user}", notice, key=key)

    async def whisper(self, channel: str, user: str, notice: Notice) -> None: ...

    async def pin(self, channel: str, ts: str) -> None: ...

    async def add_bookmark(self, channel: str, title: str, link: str) -> None: ...

    async def show(self, view_id: str, notice: Notice) -> None: ...

    async def permalink(self, channel: str, ts: str, thread_ts: str | None = None) -> str:
        return f"https://paper.example/archives/{channel}/p{ts.replace('.', '')}"

    async def profile(self, user: str) -> Profile | None:
        return self.profiles.get(user)

    async def history(self, channel: str, *, since_ts: str) -> AsyncIterator[Said]:
        self.calls.append(f"history {channel} {since_ts}")
        error = self._failure("history")
        if error is not None:
            raise error
        for one in self.told:
            if one.channel == channel and float(one.ts) > float(since_ts):
                yield one

    def _failure(self, method: str) -> ChatError | None:
        waiting = self.fails.get(method)
        return waiting.pop(0) if waiting else None
