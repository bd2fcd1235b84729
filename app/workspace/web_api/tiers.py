"""How often each method may be called a minute, where rate limiting is on."""

from collections import deque

PER_MINUTE: dict[str, int] = {
    "apps.connections.open": 50,
    "bookmarks.add": 20,
    "bookmarks.edit": 20,
    "bookmarks.list": 50,
    "bookmarks.remove": 20,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "chat.update": 50,
    "conversations.archive": 20,
    "conversations.create": 20,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.invite": 50,
    "conversations.join": 50,
    "conversations.kick": 50,
    "conversations.leave": 50,
    "conversations.list": 20,
    "conversations.members": 100,
    "conversations.open": 50,
    "conversations.rename": 20,
    "conversations.replies": 50,
    "conversations.setPurpose": 20,
    "conversations.setTopic": 20,
    "conversations.unarchive": 20,
    "files.completeUploadExternal": 100,
    "files.delete": 50,
    "files.getUploadURLExternal": 100,
    "files.info": 100,
    "pins.add": 20,
    "pins.list": 20,
    "pins.remove": 20,
    "reactions.add": 50,
    "reactions.get": 50,
    "reactions.remove": 20,
    "team.info": 50,
    "users.conversations": 50,
    "users.info": 100,
    "users.list": 20,
    "users.lookupByEmail": 50,
    "views.open": 100,
    "views.publish": 100,
    "views.push": 100,
    "views.update": 100,
}
MINUTE_SECONDS = 60.0


class Meter:
    """Counts calls in a sliding window; chat.postMessage is let through once a second per channel."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[float]] = {}

    def wait_seconds(self, method: str, channel: str, at: float) -> int:
        """0 when the call may pass (and is counted), else the whole seconds to wait."""
        if method == "chat.postMessage":
            return self._pass(f"{method} {channel}", (1, 1.0), at)
        if method not in PER_MINUTE:
            return 0
        return self._pass(method, (PER_MINUTE[method], MINUTE_SECONDS), at)

    def _pass(self, key: str, allowance: tuple[int, float], at: float) -> int:
        count, window = allowance
        seen = self._seen.setdefault(key, deque())
        while seen and seen[0] <= at - window:
            seen.popleft()
        if len(seen) >= count:
            return max(1, round(seen[0] + window - at + 0.5))
        seen.append(at)
        return 0
