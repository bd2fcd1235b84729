"""What somebody asked for through Slack, and the ways to answer them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import Invalid
from app.domain.incident import Severity
from app.ports.chat import ChatError, ChatRefused
from app.services.actor import Actor
from app.slack.blocks import FALLBACK_MAX, Block, actions, button, clip, safe_with_people, section
from app.slack.form_values import input_names
from app.slack.gateway.calls import Calls
from app.slack.gateway.workspaces import Workspaces
from app.slack.homes import Homes
from app.slack.running import Running
from app.slack.services import Services
from app.slack.views.metadata import opened_from, unpacked
from app.slack.views.notice import notice_view

TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})


@dataclass(frozen=True)
class Desk:
    """What listeners work with. `cadence`: minutes by severity.

    Before the store is closed, let `running` finish.
    """

    services: Services
    workspaces: Workspaces
    cadence: Mapping[Severity, int]
    running: Running = field(default_factory=Running)
    homes: Homes = field(default_factory=Homes)


@dataclass(frozen=True)
class Again:
    """The button that opens a form again which could not be opened in time."""

    label: str
    action: str
    value: str


@dataclass
class Ask:
    """One command, press, submission or shortcut."""

    body: Mapping[str, Any]
    ack: AsyncAck
    desk: Desk
    taken: bool = field(default=False)

    @property
    def services(self) -> Services:
        return self.desk.services

    @property
    def actor(self) -> Actor:
        """Who asked, and from which channel; a form's channel is the one it was opened from."""
        team = (self.body.get("team") or {}).get("id") or self.body.get("team_id") or ""
        event = self.body.get("event") or {}
        user = (self.body.get("user") or {}).get("id") or self.body.get("user_id") or event.get("user") or ""
        return Actor(str(team), str(user), self.channel)

    @property
    def channel(self) -> str | None:
        """The channel asked from; None where it was none (App Home, a global shortcut)."""
        channel = self.body.get("channel")
        named = channel.get("id") if isinstance(channel, Mapping) else None
        found = named or self.body.get("channel_id") or self.remembered.get("from")
        return str(found) if found else None

    @property
    def view(self) -> Mapping[str, Any]:
        """The form or page it came from; empty for none."""
        return self.body.get("view") or {}

    @property
    def remembered(self) -> Mapping[str, Any]:
        """What the form remembers from when it was opened."""
        return unpacked(self.view)

    @property
    def pressed(self) -> Mapping[str, Any]:
        """The button or select that was used; empty for none."""
        used = self.body.get("actions") or ()
        return used[0] if used else {}

    @property
    def value(self) -> str:
        return str(self.pressed.get("value") or "")

    @property
    def in_modal(self) -> bool:
        return self.view.get("type") == "modal"

    @property
    def key(self) -> str:
        """The incident's key that the form remembers. Raises Invalid where it remembers none."""
        key = str(self.remembered.get("key") or "")
        if not key:
            raise Invalid("This form is too old to be used. Nothing was changed; open it again.")
        return key

    async def call(self, method: str, /, **arguments: Any) -> dict[str, Any]:
        """Call the Web API of the workspace that asked. Raises ChatError."""
        return await (await self._calls()).call(method, **arguments)

    async def take(self, **answer: Any) -> None:
        """Tell Slack that it arrived, once; `answer` is what Slack shows in return."""
        if not self.taken:
            self.taken = True
            await self.ack(**answer)

    async def say(self, text: str, blocks: Sequence[Block] | None = None) -> None:
        """Answer the person alone: where they asked, else in the channel, else directly."""
        await self.take()
        drawn = list(blocks) if blocks else [section(text)]
        body = {"text": clip(text, FALLBACK_MAX), "blocks": drawn}
        if not (await self._through_url(body) or await self._in_channel(body)):
            await self._directly(body)

    async def show(self, title: str, text: str, blocks: Sequence[Block]) -> None:
        """Show something to read: in a modal where they asked in a modal or on App Home, else as a private message."""
        if self.view:
            await self.open(notice_view(title, blocks))
        else:
            await self.say(text, blocks)

    async def open(self, view: Block, again: Again | None = None) -> str | None:
        """Open a form, in place of the modal it was asked from; its id.

        None when Slack could not open it within its three seconds: the person got a button that opens it.
        """
        await self.take()
        remembering = opened_from(view, self.channel)
        if self.in_modal:
            await self.call("views.update", view_id=self.view["id"], view=remembering)
            return str(self.view["id"])
        try:
            answer = await self.call("views.open", trigger_id=self._trigger, view=remembering)
            return str(answer["view"]["id"])
        except ChatError as error:
            if isinstance(error, ChatRefused) and error.code not in TOO_LATE:
                raise
        await self._offer(again)
        return None

    async def replace(self, view_id: str, view: Block) -> bool:
        """Replace what an open form shows; False when it has been closed, or can't be reached now."""
        try:
            await self.call("views.update", view_id=view_id, view=opened_from(view, self.channel))
        except ChatError:
            return False
        return True

    async def answer_form(self, view: Block) -> None:
        """Answer a submission by showing another view in its place."""
        await self.take(response_action="update", view=opened_from(view, self.channel))

    async def refuse(self, message: str, field_name: str | None = None) -> None:
        """Say why not: at the form's field where it is a form, else privately."""
        if self.body.get("type") == "view_submission" and not self.taken:
            fields = input_names(self.view)
            place = field_name if field_name in fields else next(iter(fields), "")
            if place:
                await self.take(response_action="errors", errors={place: clip(message, 2000)})
                return
        blocks = [section(safe_with_people(message))]
        if self.body.get("type") == "block_actions" and self.in_modal:
            await self.take()
            await self.call("views.push", trigger_id=self._trigger, view=notice_view("Not done", blocks))
            return
        await self.say(safe_with_people(message), blocks)

    async def _calls(self) -> Calls:
        return await self.desk.workspaces.calls_of(self.actor.team)

    @property
    def _trigger(self) -> str:
        return str(self.body.get("trigger_id") or "")

    async def _offer(self, again: Again | None) -> None:
        text = "Slack could not open the form in time. Nothing was lost; this button opens it."
        if again is None:
            await self.say("Slack could not open that in time. Nothing was lost; please try once more.")
            return
        await self.say(text, [section(text), actions(button(again.label, again.action, again.value, "primary"))])

    async def _through_url(self, body: Mapping[str, Any]) -> bool:
        url = self.body.get("response_url")
        if not url:
            return False
        try:
            private = {"response_type": "ephemeral", "replace_original": False, **body}
            await (await self._calls()).answer_to(str(url), private)
        except ChatError:
            return False
        return True

    async def _in_channel(self, body: Mapping[str, Any]) -> bool:
        if self.channel is None:
            return False
        try:
            await self.call("chat.postEphemeral", channel=self.channel, user=self.actor.user, **body)
        except ChatError:
            return False
        return True

    async def _directly(self, body: Mapping[str, Any]) -> None:
        opened = await self.call("conversations.open", users=self.actor.user)
        await self.call("chat.postMessage", channel=opened["channel"]["id"], **body)
