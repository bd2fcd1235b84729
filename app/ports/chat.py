"""The chat that the product speaks through, and the three ways in which a call can fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.channel_event import Said
from app.domain.notices import Notice


class ChatError(Exception):
    """A call to the chat failed; `code` is the chat's own word for it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class ChatRefused(ChatError):
    """The chat refused: asking again as it is will not help (a missing scope, an archived channel, a taken name)."""


class ChatBusy(ChatError):
    """It certainly did not happen and may be asked again, after `retry_after_seconds` (None: after the usual delay)."""

    def __init__(self, code: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(code)
        self.retry_after_seconds = retry_after_seconds


class ChatUnsure(ChatError):
    """The answer was lost: it may have happened. Look before asking again."""


@dataclass(frozen=True)
class Channel:
    """A channel as the chat knows it."""

    id: str
    name: str


@dataclass(frozen=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Attachment:
    """A file to be shown; `words` say what is in it to those who can't see it."""

    name: str
    content: bytes
    words: str


@dataclass(frozen=True)
class Refusal:
    """A person who could not be invited, with the chat's word for why."""

    user: str
    code: str


@dataclass(frozen=True)
class Profile:
    """A person or bot of the workspace; `zone` is their time zone's IANA name, empty where it isn't known."""

    user: str
    name: str
    is_bot: bool = False
    deleted: bool = False
    zone: str = ""


class Chat(Protocol):
    """One workspace of the chat. Every method raises ChatRefused, ChatBusy or ChatUnsure, and nothing else."""

    async def create_channel(self, name: str, *, private: bool) -> Channel: ...

    async def find_channel(self, name: str, *, private: bool) -> Channel | None:
        """The channel of that name which this app itself created, None if there is none."""
        ...

    async def invite(self, channel: str, users: Sequence[str]) -> Sequence[Refusal]:
        """Invite all; those already there count as invited. The refused ones are returned, not raised."""
        ...

    async def set_topic(self, channel: str, text: str) -> None: ...

    async def set_purpose(self, channel: str, text: str) -> None: ...

    async def archive(self, channel: str) -> None: ...

    async def post(self, channel: str, notice: Notice, *, key: str) -> Posted:
        """Post in a channel (ID, or name for public ones); `key` goes into the metadata, so that `find` finds it."""
        ...

    async def find(self, channel: str, key: str, *, since_ts: str = "0") -> Posted | None:
        """The message that was posted with that key, None if there is none. `channel` may be a user for direct ones."""
        ...

    async def update(self, channel: str, ts: str, notice: Notice) -> None: ...

    async def delete(self, channel: str, ts: str) -> None:
        """Delete our own message; one that is gone already is no error."""
        ...

    async def tell(self, user: str, notice: Notice, *, key: str) -> Posted:
        """Post to one person directly."""
        ...

    async def whisper(self, channel: str, user: str, notice: Notice) -> None:
        """Show something in a channel to one person alone, who must be in it; it can't be found again."""
        ...

    async def pin(self, channel: str, ts: str) -> None:
        """Pin; already pinned is no error."""
        ...

    async def add_bookmark(self, channel: str, title: str, link: str) -> None:
        """Add a bookmark unless one with that title is there."""
        ...

    async def show(self, view_id: str, notice: Notice) -> None:
        """Replace what an open form shows. Raises ChatRefused when it has been closed."""
        ...

    async def upload(self, attachment: Attachment) -> str:
        """Hand over a file and return its id; nobody sees it, and it is discarded unless it is shared soon."""
        ...

    async def share(self, file: str, title: str, where: Posted) -> None:
        """Show an uploaded file in the thread of a message, so that messages of that channel may show it too."""
        ...

    async def is_shared(self, file: str, where: Posted) -> bool:
        """Whether the file stands in the thread of that message."""
        ...

    async def remove_file(self, file: str) -> None:
        """Delete a file of ours wherever it is shown; one that is gone already is no error."""
        ...

    async def permalink(self, channel: str, ts: str, thread_ts: str | None = None) -> str:
        """The address of a message, without a call per message."""
        ...

    async def profile(self, user: str) -> Profile | None:
        """The person, cached for a while; None if the workspace has no such user."""
        ...

    def history(self, channel: str, *, since_ts: str) -> AsyncIterator[Said]:
        """Every message of others since (threads included, as they stand now), oldest first within a page."""
        ...


class Chats(Protocol):
    """The workspaces that the product is installed in."""

    async def of(self, team: str) -> Chat:
        """Raises ChatRefused (`not_installed`) for a workspace it is not installed in."""
        ...
