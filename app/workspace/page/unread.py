"""What each person has not read yet."""

from itertools import takewhile

from app.workspace.ids import ts_micros
from app.workspace.model import Channel, Message
from app.workspace.workspace import Workspace

_CALLS_EVERYBODY = ("<!channel>", "<!here>", "<!everyone>")


class Unread:
    """Remembers how far each person has read; what was there before the page was first opened is read."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._marks: dict[tuple[str, str], str] = {}
        self._opened: str | None = None

    def opened(self) -> None:
        """Note that the page is open; all before the first time counts as read."""
        if self._opened is None:
            self._opened = f"{self._workspace.now():.6f}"

    def mark(self, person: str, channel: Channel) -> str:
        """The ts up to which a person has read a channel; `0` for nothing."""
        return self._marks.get((person, channel.id), self._opened or "0")

    def read(self, person: str, channel: Channel) -> None:
        """Note that a person has read all there is in a channel."""
        latest = max([*channel.messages, *channel.ephemerals], key=ts_micros, default="0")
        self._marks[person, channel.id] = latest

    def count(self, person: str, channel: Channel) -> tuple[int, int]:
        """How many messages a person has not read, and how many of them speak to this person alone."""
        mark = ts_micros(self.mark(person, channel))
        recent = [*_since(channel.messages, mark), *_since(channel.ephemerals, mark)]
        counted = [one for one in recent if _counts(one, person)]
        return len(counted), sum(_is_for(one, person, channel) for one in counted)

    def waiting(self, person: str) -> int:
        """How many unread messages anywhere speak to this person."""
        rooms = [one for one in self._workspace.channels.values() if person in one.members]
        return sum(self.count(person, room)[1] for room in rooms)


def _since(messages: dict[str, Message], mark: int) -> list[Message]:
    newest_first = reversed(messages.values())
    return list(takewhile(lambda one: ts_micros(one.ts) > mark, newest_first))


def _counts(message: Message, person: str) -> bool:
    if message.ephemeral_to is not None:
        return message.ephemeral_to == person
    routine = message.tombstone or (message.subtype or "").startswith("channel_")
    hidden = message.is_reply and not message.broadcast and f"<@{person}" not in message.text
    return message.user != person and not routine and not hidden


def _is_for(message: Message, person: str, channel: Channel) -> bool:
    if channel.kind == "im" or message.ephemeral_to == person:
        return True
    return f"<@{person}" in message.text or any(call in message.text for call in _CALLS_EVERYBODY)
