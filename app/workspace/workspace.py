"""The workspace as tests, the demo and the page use it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from app.workspace import messages
from app.workspace.changes import Subscription
from app.workspace.errors import SlackError
from app.workspace.installation import oauth_code, uninstall
from app.workspace.person import Person
from app.workspace.request_url import verify
from app.workspace.state import State

Seen = TypeVar("Seen")


class Workspace(State):
    """A local Slack workspace with people in it and one installed app."""

    def person(self, ref: str) -> Person:
        """The person with this id or name; `LookupError` for nobody."""
        try:
            return Person(self, self.user(ref))
        except SlackError as unknown:
            raise LookupError(f"nobody called {ref}") from unknown

    def people(self) -> list[Person]:
        """Everybody who is not a bot."""
        return [Person(self, user) for user in self.users.values() if not user.is_bot]

    async def verify_request_url(self) -> bool:
        """True when the app's request URL answers Slack's challenge."""
        return await verify(self)

    def oauth_code(self, installer: str | None = None) -> str:
        """A code that oauth.v2.access exchanges once for the bot token; installed by a person or the first."""
        return oauth_code(self, installer or self.people()[0].id)

    def uninstall(self) -> None:
        """Take the app out, as an administrator would: it is told, and its tokens no longer work."""
        uninstall(self)

    def unfurl(self, channel: str, ts: str, title: str = "A page") -> None:
        """Show a link's preview under a message, as Slack does by itself a moment after posting."""
        messages.unfurl(self, self.message(self.channel(channel).id, ts), title)

    def subscribe(self) -> Subscription:
        """The stream of changes from now on, for `async for`; each is a dict with a `kind`."""
        return self.changes.subscribe()

    async def until(self, seen: Callable[[], Seen], timeout_seconds: float = 5.0) -> Seen:
        """Wait until `seen()` returns something true, and return it; `TimeoutError` when late.

        It is asked after every change here, and twenty times a second for what changes elsewhere.
        """
        changes = self.subscribe()
        try:
            async with asyncio.timeout(timeout_seconds):
                while not (found := seen()):
                    await changes.next_within(0.05)
            return found
        finally:
            changes.close()
