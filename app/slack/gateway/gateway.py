"""One workspace of Slack as the product's chat."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.channel_event import Said
from app.domain.notices import Notice
from app.ports.chat import Attachment, Channel, ChatRefused, Posted, Profile, Refusal
from app.slack.blocks import FALLBACK_MAX, MESSAGE_BLOCKS_MAX, clip, plain_words
from app.slack.events import Place
from app.slack.gateway import files
from app.slack.gateway.calls import Calls
from app.slack.gateway.history import FIND_PAGES, pages, said_since
from app.slack.gateway.identity import WhoAmI
from app.slack.gateway.invitations import invite
from app.slack.ids import METADATA_EVENT
from app.slack.messages import render
from app.slack.views.showing import view_of

PROFILE_SECONDS = 600
TOPIC_MAX = 250
BOOKMARK_MAX = 75


@dataclass
class Gateway:
    """Implements app.ports.chat.Chat over one workspace's calls."""

    calls: Calls
    who: WhoAmI
    monotonic: Callable[[], float] = time.monotonic
    _profiles: dict[str, tuple[float, Profile | None]] = field(default_factory=dict)
    _channel_ids: dict[str, str] = field(default_factory=dict)
    _direct_ids: dict[str, str] = field(default_factory=dict)

    async def create_channel(self, name: str, *, private: bool) -> Channel:
        made = (await self.calls.call("conversations.create", name=name, is_private=private))["channel"]
        return Channel(made["id"], made["name"])

    async def find_channel(self, name: str, *, private: bool) -> Channel | None:
        ours = (await self.who.get()).bot_user_id
        kind = "private_channel" if private else "public_channel"
        async for page in pages(self.calls.call, "users.conversations", "channels", types=kind, exclude_archived=True):
            for one in page:
                if one.get("name") == name and one.get("creator") == ours:
                    return Channel(one["id"], one["name"])
        return None

    async def invite(self, channel: str, users: Sequence[str]) -> Sequence[Refusal]:
        return await invite(self.calls, channel, users)

    async def set_topic(self, channel: str, text: str) -> None:
        await self.calls.call("conversations.setTopic", channel=channel, topic=clip(text, TOPIC_MAX))

    async def set_purpose(self, channel: str, text: str) -> None:
        await self.calls.call("conversations.setPurpose", channel=channel, purpose=clip(text, TOPIC_MAX))

    async def archive(self, channel: str) -> None:
        await self._unless("already_archived", "conversations.archive", channel=channel)

    async def post(self, channel: str, notice: Notice, *, key: str) -> Posted:
        metadata = {"event_type": METADATA_EVENT, "event_payload": {"key": key}}
        answer = await self.calls.call(
            "chat.postMessage",
            channel=channel,
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
            **_drawn(notice),
        )
        self._channel_ids[channel] = answer["channel"]
        return Posted(answer["channel"], answer["ts"])

    async def find(self, channel: str, key: str, *, since_ts: str = "0") -> Posted | None:
        place = await self._id_of(channel)
        if place is None:
            return None
        ours = (await self.who.get()).own
        asked: dict[str, Any] = {"channel": place, "oldest": since_ts, "include_all_metadata": True, "inclusive": True}
        left = FIND_PAGES
        async for page in pages(self.calls.call, "conversations.history", "messages", **asked):
            for message in page:
                if ours.wrote(message) and _key_of(message) == key:
                    return Posted(place, message["ts"])
            left -= 1
            if left == 0:
                return None
        return None

    async def update(self, channel: str, ts: str, notice: Notice) -> None:
        await self.calls.call("chat.update", channel=channel, ts=ts, **_drawn(notice))

    async def delete(self, channel: str, ts: str) -> None:
        await self._unless("message_not_found", "chat.delete", channel=channel, ts=ts)

    async def tell(self, user: str, notice: Notice, *, key: str) -> Posted:
        return await self.post(await self._direct(user), notice, key=key)

    async def whisper(self, channel: str, user: str, notice: Notice) -> None:
        await self.calls.call("chat.postEphemeral", channel=channel, user=user, **_drawn(notice))

    async def pin(self, channel: str, ts: str) -> None:
        await self._unless("already_pinned", "pins.add", channel=channel, timestamp=ts)

    async def add_bookmark(self, channel: str, title: str, link: str) -> None:
        wanted = plain_words(title, BOOKMARK_MAX)
        there = (await self.calls.call("bookmarks.list", channel_id=channel)).get("bookmarks") or ()
        if all(one.get("title") != wanted for one in there):
            await self.calls.call("bookmarks.add", channel_id=channel, title=wanted, type="link", link=link)

    async def show(self, view_id: str, notice: Notice) -> None:
        await self.calls.call("views.update", view_id=view_id, view=view_of(notice))

    async def upload(self, attachment: Attachment) -> str:
        return await files.upload(self.calls, attachment)

    async def share(self, file: str, title: str, where: Posted) -> None:
        await files.share(self.calls, file, title, where)

    async def is_shared(self, file: str, where: Posted) -> bool:
        return await files.is_shared(self.calls, file, where)

    async def remove_file(self, file: str) -> None:
        try:
            await self.calls.call("files.delete", file=file)
        except ChatRefused as error:
            if error.code not in files.GONE:
                raise

    async def permalink(self, channel: str, ts: str, thread_ts: str | None = None) -> str:
        address = f"{(await self.who.get()).url}archives/{channel}/p{ts.replace('.', '')}"
        return f"{address}?thread_ts={thread_ts}&cid={channel}" if thread_ts and thread_ts != ts else address

    async def profile(self, user: str) -> Profile | None:
        known = self._profiles.get(user)
        if known and known[0] > self.monotonic():
            return known[1]
        found = await self._ask_profile(user)
        if len(self._profiles) > 5000:
            self._profiles.clear()
        self._profiles[user] = (self.monotonic() + PROFILE_SECONDS, found)
        return found

    async def history(self, channel: str, *, since_ts: str) -> AsyncIterator[Said]:
        identity = await self.who.get()
        async for said in said_since(self.calls, Place(identity.team, channel, identity.own), since_ts):
            yield said

    async def _ask_profile(self, user: str) -> Profile | None:
        try:
            found = (await self.calls.call("users.info", user=user))["user"]
        except ChatRefused as error:
            if error.code in ("user_not_found", "user_not_visible", "invalid_arguments"):
                return None
            raise
        names = found.get("profile") or {}
        name = names.get("display_name") or names.get("real_name") or found.get("real_name") or found.get("name")
        is_bot = bool(found.get("is_bot")) or user == "USLACKBOT"
        zone = str(found.get("tz") or "")[:64]
        return Profile(user, str(name or user)[:200], is_bot, bool(found.get("deleted")), zone)

    async def _direct(self, user: str) -> str:
        if user not in self._direct_ids:
            self._direct_ids[user] = (await self.calls.call("conversations.open", users=user))["channel"]["id"]
        return self._direct_ids[user]

    async def _id_of(self, channel: str) -> str | None:
        """The ID of a channel given by ID, by name, or as a user for their direct messages; None if there is none."""
        if channel[:1] in "CGD" and channel.isupper():
            return channel
        if channel[:1] in "UW" and channel.isupper():
            return await self._direct(channel)
        if channel not in self._channel_ids:
            found = await self._named(channel.lstrip("#"))
            if found is None:
                return None
            self._channel_ids[channel] = found
        return self._channel_ids[channel]

    async def _named(self, name: str) -> str | None:
        for method in ("users.conversations", "conversations.list"):
            listed = pages(self.calls.call, method, "channels", types="public_channel", exclude_archived=True)
            async for page in listed:
                for one in page:
                    if one.get("name") == name:
                        return str(one["id"])
        return None

    async def _unless(self, fine: str, method: str, **arguments: Any) -> None:
        """Call, taking the refusal `fine` as done."""
        try:
            await self.calls.call(method, **arguments)
        except ChatRefused as error:
            if error.code != fine:
                raise


def _key_of(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA_EVENT:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return str(key) if key else None


def _drawn(notice: Notice) -> dict[str, Any]:
    text, blocks = render(notice)
    return {"text": clip(text, FALLBACK_MAX), "blocks": blocks[:MESSAGE_BLOCKS_MAX]}
