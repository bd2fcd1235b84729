"""A person of the workspace: what they do and what they see."""

import mimetypes
from typing import Any

from app.workspace import acting, channels, elements, forms, messages, views
from app.workspace.errors import NotOnScreenError, SlackError
from app.workspace.ids import ts_micros
from app.workspace.model import Channel, File, Json, Message, User, View
from app.workspace.state import State
from app.workspace.typing_in import typed, typed_command


class Person:
    """Acts as one user. Channels are given by id or name, messages by ts.

    `NotOnScreenError` is raised for what this person can't see or do, `AppFailureError` when the app
    fails to answer.
    """

    def __init__(self, state: State, user: User) -> None:
        self._state = state
        self.user = user

    @property
    def id(self) -> str:
        """The user's id."""
        return self.user.id

    # What they see

    def channel(self, ref: str) -> Channel:
        """A channel this person can see."""
        try:
            channel = self._state.channel(ref)
        except SlackError as unknown:
            raise NotOnScreenError(f"no channel {ref}") from unknown
        if channel.kind != "public" and self.id not in channel.members:
            raise NotOnScreenError(f"{self.user.name} can't see {ref}")
        return channel

    def channels(self) -> list[Channel]:
        """The channels this person is a member of, direct ones excepted."""
        return [one for one in self._state.channels.values() if one.kind != "im" and self.id in one.members]

    def browse(self) -> list[Channel]:
        """Every channel this person could open: public ones and those they are a member of."""
        joined = self.channels()
        return joined + [one for one in self._state.channels.values() if one.kind == "public" and one not in joined]

    def messages(self, channel: str) -> list[Message]:
        """All they see in a channel, oldest first: replies and their own ephemeral messages too."""
        room = self.channel(channel)
        private = [one for one in room.ephemerals.values() if one.ephemeral_to == self.id]
        return sorted([*room.messages.values(), *private], key=lambda one: ts_micros(one.ts))

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A thread's messages, its first one included, oldest first."""
        return [one for one in self.messages(channel) if ts in (one.ts, one.thread_ts)]

    def ephemerals(self, channel: str) -> list[Message]:
        """The messages in a channel that only this person sees, oldest first."""
        return [one for one in self.messages(channel) if one.ephemeral_to == self.id]

    def dm(self) -> Channel:
        """The direct conversation with the app."""
        return channels.direct(self._state, self.id, self._state.app.bot_user_id)

    def dms(self) -> list[Message]:
        """What was said in the direct conversation with the app, oldest first."""
        return self.messages(self.dm().id)

    def modal(self) -> View | None:
        """The modal on top of their screen, or None."""
        return views.top(self._state, self.id)

    def home(self) -> View | None:
        """What the app's Home tab shows them, or None."""
        return self._state.homes.get(self.id)

    # What they say

    async def say(
        self,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        files: list[tuple[str, bytes]] | None = None,
        broadcast: bool = False,
    ) -> str:
        """Post a message, perhaps with files (name, content); returns its ts. Joins a public channel first."""
        room = self._writable(channel)
        attached = [self._upload(name, content) for name, content in files or []]
        extra: Json = {"client_msg_id": f"{self._state.ids.count('client'):08x}-local-workspace"}
        if self.user.is_bot:
            extra["bot_id"] = self.user.bot_id
        if attached:
            extra |= {"files": attached, "subtype": "file_share", "extra": {"upload": True}}
        for file in attached:
            file.shared_in.add(room.id)
        if room.kind != "im":
            channels.join(self._state, room, self.id)
        words = typed(self._state, text)
        rest = {"thread_ts": thread_ts, "broadcast": broadcast, **extra}
        return messages.post(self._state, room, self.id, words, **rest).ts

    def _upload(self, name: str, content: bytes) -> File:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(
            self._state.ids.next("F"), name, self.id, self._state.now_seconds, name, kind, content, complete=True
        )
        self._state.files[file.id] = file
        return file

    def _writable(self, channel: str) -> Channel:
        room = self.channel(channel)
        if room.archived:
            raise NotOnScreenError(f"{room.name} is archived")
        return room

    def message(self, channel: str, ts: str) -> Message:
        """A message this person can see."""
        for one in self.messages(channel):
            if one.ts == ts:
                return one
        raise NotOnScreenError(f"no message {ts} in {channel}")

    def _own(self, channel: str, ts: str) -> Message:
        message = self.message(channel, ts)
        if message.user != self.id:
            raise NotOnScreenError("people change only their own messages")
        return message

    async def edit(self, channel: str, ts: str, text: str) -> None:
        """Change the words of one of their messages."""
        messages.edit(self._state, self._own(channel, ts), self.id, text=typed(self._state, text))

    async def delete(self, channel: str, ts: str) -> None:
        """Delete one of their messages."""
        messages.delete(self._state, self._own(channel, ts))

    async def react(self, channel: str, ts: str, name: str) -> None:
        """Add a reaction, given by its name with or without colons."""
        messages.react(self._state, self.message(channel, ts), self.id, name.strip(":"))

    async def unreact(self, channel: str, ts: str, name: str) -> None:
        """Take a reaction back."""
        messages.unreact(self._state, self.message(channel, ts), self.id, name.strip(":"))

    async def unpin(self, channel: str, ts: str) -> None:
        """Take a pin off."""
        messages.unpin(self._state, self.message(channel, ts), self.id)

    async def pin(self, channel: str, ts: str) -> None:
        """Pin a message to its channel."""
        messages.pin(self._state, self.message(channel, ts), self.id)

    # Where they are

    async def create_channel(self, name: str, private: bool = False) -> Channel:
        """Make a channel and be its first member."""
        return channels.create(self._state, name, "private" if private else "public", self.id)

    async def join(self, channel: str) -> None:
        """Enter a public channel."""
        channels.join(self._state, self.channel(channel), self.id)

    async def leave(self, channel: str) -> None:
        """Leave a channel they are in."""
        channels.leave(self._state, self.channel(channel), self.id)

    async def invite(self, channel: str, user: str) -> None:
        """Bring somebody, or the app's bot, into a channel."""
        channels.join(self._state, self.channel(channel), self._state.user(user).id, self.id)

    async def remove(self, channel: str, user: str) -> None:
        """Put somebody, or the app's bot, out of a channel."""
        channels.leave(self._state, self.channel(channel), self._state.user(user).id)

    async def archive(self, channel: str) -> None:
        """Archive a channel."""
        channels.archive(self._state, self.channel(channel), self.id)

    async def unarchive(self, channel: str) -> None:
        """Bring an archived channel back."""
        channels.unarchive(self._state, self.channel(channel), self.id)

    async def rename(self, channel: str, name: str) -> None:
        """Give a channel another name."""
        channels.rename(self._state, self.channel(channel), name, self.id)

    # What they ask of the app

    async def command(self, name: str, text: str = "", channel: str = "general") -> acting.CommandResult:
        """Run a slash command such as `/ai-incident` in a channel."""
        escaped = name in self._state.app.escaped_commands
        words = typed_command(self._state, text, escaped)
        return await acting.command(self._state, self.user, self.channel(channel), name, words)

    async def press(
        self, where: Message | View, action_id: str, value: Any = None, block_id: str | None = None, **selected: Any
    ) -> None:
        """Use the element with this action_id in a message or view.

        Of several buttons `value` picks one. For other elements the choice is `value`, or one keyword of
        Slack's name such as `selected_user=` or `selected_option=` (an option's value is enough).
        """
        block, element = elements.find(where.blocks, action_id, value=value, block_id=block_id)
        choice = next(iter(selected.values())) if selected else value
        await acting.press(self._state, self.user, where, (block, element), choice)

    async def fill(self, view: View, values: dict[str, Any]) -> None:
        """Type and choose in a view without sending it; `values` maps block_id to a choice."""
        await forms.fill(self._state, self.user, view, values)

    async def submit(self, view: View, values: dict[str, Any] | None = None) -> forms.Submission:
        """Fill in a modal and send it; `FormRefusedError` where Slack's client would not send it."""
        return await forms.submit(self._state, self.user, view, values or {})

    async def close(self, view: View) -> None:
        """Dismiss a modal."""
        await forms.close(self._state, self.user, view)

    async def suggest(self, where: Message | View, action_id: str, query: str) -> list[Json]:
        """The options an external menu offers for what they typed."""
        block, element = elements.find(where.blocks, action_id)
        return await forms.suggest(self._state, self.user, where, (block["block_id"], element), query)

    async def shortcut(self, callback_id: str) -> None:
        """Use a global shortcut."""
        await acting.shortcut(self._state, self.user, callback_id)

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> None:
        """Use a shortcut of a message's menu."""
        message = self.message(channel, ts)
        await acting.message_shortcut(self._state, self.user, callback_id, message)

    async def open_home(self) -> View | None:
        """Look at the app's Home tab; returns what it shows at this moment, None for nothing yet."""
        acting.open_home(self._state, self.user)
        return self.home()
