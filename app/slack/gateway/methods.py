"""The Web API methods that the product calls, how often Slack lets them be called, and which may be repeated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """`per_minute`: Slack's limit for one workspace. `repeatable`: calling it twice does no more than once."""

    name: str
    per_minute: int
    repeatable: bool


_TIER_2, _TIER_3, _TIER_4, _SPECIAL = 20, 50, 100, 300

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("auth.test", _SPECIAL, repeatable=True),
        Method("bookmarks.add", _TIER_2, repeatable=False),
        Method("bookmarks.list", _TIER_3, repeatable=True),
        Method("chat.delete", _TIER_3, repeatable=True),
        Method("chat.postEphemeral", _TIER_4, repeatable=False),
        Method("chat.postMessage", _SPECIAL, repeatable=False),
        Method("chat.update", _TIER_3, repeatable=True),
        Method("conversations.archive", _TIER_2, repeatable=True),
        Method("conversations.create", _TIER_2, repeatable=False),
        Method("conversations.history", _TIER_3, repeatable=True),
        Method("conversations.invite", _TIER_3, repeatable=True),
        Method("conversations.list", _TIER_2, repeatable=True),
        Method("conversations.open", _TIER_3, repeatable=True),
        Method("conversations.replies", _TIER_3, repeatable=True),
        Method("conversations.setPurpose", _TIER_2, repeatable=True),
        Method("conversations.setTopic", _TIER_2, repeatable=True),
        Method("files.completeUploadExternal", _TIER_4, repeatable=False),
        Method("files.delete", _TIER_3, repeatable=True),
        Method("files.getUploadURLExternal", _TIER_4, repeatable=True),
        Method("oauth.v2.access", _TIER_4, repeatable=False),
        Method("pins.add", _TIER_2, repeatable=True),
        Method("users.conversations", _TIER_3, repeatable=True),
        Method("users.info", _TIER_4, repeatable=True),
        Method("views.open", _TIER_4, repeatable=False),
        Method("views.publish", _TIER_4, repeatable=True),
        Method("views.push", _TIER_4, repeatable=False),
        Method("views.update", _TIER_4, repeatable=True),
    )
}
CHANNEL_POSTS_PER_MINUTE = 60
CHANNEL_POSTS_BURST = 5
