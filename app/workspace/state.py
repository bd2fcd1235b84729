"""Everything a workspace holds, and the parts that serve it."""

import time
from collections.abc import Callable

from app.workspace.calls import Call
from app.workspace.changes import Changes
from app.workspace.delivery import SLACK_RETRY_DELAYS_SECONDS, Events
from app.workspace.errors import SlackError
from app.workspace.faults import Faults
from app.workspace.http_link import HttpLink
from app.workspace.ids import Ids, Timestamps
from app.workspace.links import Link
from app.workspace.model import Channel, File, Json, Message, Team, User, View
from app.workspace.slack_app import SlackApp
from app.workspace.socket_link import SocketLink
from app.workspace.tokens import Tokens
from app.workspace.triggers import ResponseUrls, Triggers


class State:
    """One workspace in memory.

    `now` gives unix seconds for all that people read; `monotonic` gives the seconds by which triggers
    and response URLs expire. `base_url` (no trailing slash) is where the server stands once started.
    `modals` maps a user id to the open modals, bottom first; `homes` to the Home view.
    `touched` maps a person and a message ts to what they chose in that message, in Slack's shape.
    """

    def __init__(
        self,
        team: Team,
        app: SlackApp,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        retry_delays: tuple[float, ...] = SLACK_RETRY_DELAYS_SECONDS,
    ) -> None:
        self.team = team
        self.app = app
        self.now = now
        self.ids = Ids()
        self.timestamps = Timestamps(now)
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.touched: dict[tuple[str, str], dict[str, dict[str, Json]]] = {}
        self.oauth_codes: dict[str, str] = {}
        self.tokens = Tokens(app, team.id, self.ids, now)
        self.triggers = Triggers(self.ids, monotonic)
        self.response_urls = ResponseUrls(self.ids, monotonic)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.changes = Changes()
        self.http = HttpLink(app)
        self.sockets = SocketLink(app, self.ids)
        self.events = Events(lambda: self.link, retry_delays)
        self.base_url = f"https://{team.domain}.slack.invalid"
        self.answer_timeout_seconds = 3.0
        self.latency_seconds = 0.0
        self.rate_limited = False
        self.fresh_file_refusals = 0

    @property
    def link(self) -> Link:
        """How payloads reach the app: HTTP with a request URL, else Socket Mode."""
        return self.http if self.app.request_url else self.sockets

    @property
    def now_seconds(self) -> int:
        """The present moment in whole unix seconds."""
        return int(self.now())

    def user(self, ref: str) -> User:
        """The user with this id or name (with or without @); `SlackError` user_not_found."""
        if ref in self.users:
            return self.users[ref]
        for user in self.users.values():
            if user.name == ref.removeprefix("@"):
                return user
        raise SlackError("user_not_found")

    def channel(self, ref: str) -> Channel:
        """The channel with this id or name (with or without #); `SlackError` channel_not_found."""
        if ref in self.channels:
            return self.channels[ref]
        for channel in self.channels.values():
            if channel.kind != "im" and channel.name == ref.removeprefix("#"):
                return channel
        raise SlackError("channel_not_found")

    def message(self, channel_id: str, ts: str) -> Message:
        """A message that everybody sees; `SlackError` message_not_found."""
        message = self.channel(channel_id).messages.get(ts)
        if message is None:
            raise SlackError("message_not_found")
        return message

    def view(self, view_id: str) -> View:
        """The open modal or Home view with this id; `SlackError` not_found."""
        for views in [*self.modals.values(), list(self.homes.values())]:
            for view in views:
                if view.id == view_id:
                    return view
        raise SlackError("not_found")

    def record(self, method: str, args: Json, outcome: str) -> None:
        """Add a Web API call to the log."""
        self.calls.append(Call(method, args, outcome, self.now()))

    async def close(self) -> None:
        """Stop deliveries and close every connection to the app."""
        await self.events.close()
        await self.sockets.close()
        await self.http.close()
