"""What a workspace is made of: plain records, held in memory."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["public", "private", "im"]


@dataclass
class Team:
    """The workspace itself; `domain` is the first part of its address."""

    id: str
    name: str
    domain: str


@dataclass
class User:
    """A person, or the app's bot user (`bot_id` and `app_id` set)."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    title: str = ""
    is_bot: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    deleted: bool = False
    is_admin: bool = False
    tz: str = "Etc/UTC"
    tz_offset_seconds: int = 0


@dataclass
class Note:
    """A channel's topic or purpose: the words, who set them and when (unix seconds)."""

    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass
class File:
    """An uploaded file; `complete` turns true once it may be shown.

    `shared_in`: the ids of the channels whose members see it. `refusals_left`: how often blocks with it are still
    refused, as Slack does with a file that it has not looked at yet.
    """

    id: str
    name: str
    user: str
    created: int
    title: str = ""
    mimetype: str = "application/octet-stream"
    content: bytes = b""
    complete: bool = False
    expected_bytes: int = 0
    shared_in: set[str] = field(default_factory=set)
    refusals_left: int = 0


@dataclass
class Message:
    """One message; `ephemeral_to` is the only person who sees it, None for everybody.

    `reactions` maps an emoji name to the people who used it, in order. `extra` holds what a system
    message carries besides its text. `tombstone` marks a deleted thread parent whose replies remain.
    """

    channel_id: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: Json | None = None
    files: list[File] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: Json | None = None
    ephemeral_to: str | None = None
    tombstone: bool = False
    extra: Json = field(default_factory=dict)
    client_msg_id: str | None = None

    @property
    def is_reply(self) -> bool:
        """True of a message inside a thread that is not the thread's first."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Pin:
    """A message pinned to its channel."""

    ts: str
    by: str
    created: int


@dataclass
class Bookmark:
    """A link in a channel's bookmark bar."""

    id: str
    channel_id: str
    title: str
    link: str
    emoji: str
    created: int
    by: str
    updated: int = 0


@dataclass
class Channel:
    """A conversation; `messages` maps ts to message in the order of posting."""

    id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    topic: Note = field(default_factory=Note)
    purpose: Note = field(default_factory=Note)
    archived: bool = False
    general: bool = False
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)
    pins: list[Pin] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)


@dataclass
class View:
    """A modal or a Home view of one person.

    `definition` is what the app sent. `state` maps block_id and action_id to what the person has
    entered, in Slack's shape. `errors` maps block_id to what the app found wrong at the last submit.
    """

    id: str
    user: str
    definition: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """`modal` or `home`."""
        return str(self.definition["type"])

    @property
    def blocks(self) -> list[Json]:
        """The blocks as shown, each with a block_id."""
        blocks: list[Json] = self.definition["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        """The app's name for this view; empty when it gave none."""
        return str(self.definition.get("callback_id") or "")

    @property
    def private_metadata(self) -> str:
        """What the app hid in the view; empty when nothing."""
        return str(self.definition.get("private_metadata") or "")

    @property
    def external_id(self) -> str:
        """The app's own id of this view; empty when it gave none."""
        return str(self.definition.get("external_id") or "")

    @property
    def title(self) -> str:
        """The words at the top; empty for a Home view."""
        return str((self.definition.get("title") or {}).get("text") or "")
