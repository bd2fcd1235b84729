"""What the spectator of the demo sees in the terminal, as it happens."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime

from app.workspace import Workspace
from app.workspace.model import Json, Message, View

BOLD, DIM, CYAN, GREEN, RESET = "\033[1m", "\033[2m", "\033[36m", "\033[32m", "\033[0m"


class Screen:
    """Prints acts of people and every message of the workspace, a short line each; in colour on a terminal only.

    Nothing of it is shown before `start`.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._colour = sys.stdout.isatty()
        self._width = min(shutil.get_terminal_size((110, 24)).columns, 130)
        self._task: asyncio.Task[None] | None = None
        self._points: set[tuple[str, str]] = set()

    def start(self) -> None:
        """Begin to show what is posted."""
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Stop showing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def heading(self, text: str) -> None:
        """A new scene."""
        if self._task is None:
            return
        print(f"\n{self._paint(text, BOLD)}", flush=True)

    def act(self, who: str, what: str) -> None:
        """Something that a person does and that is no message."""
        self._line("", f"{self._workspace.user(who).name} {what}", DIM)

    def report(self, what: str) -> None:
        """Something that a machine sends over HTTP."""
        self._line("POST /signals", what, CYAN)

    def form(self, form: View) -> None:
        """The text that a form was opened with, field by field."""
        for block in form.blocks:
            text = (block.get("element") or {}).get("initial_value")
            if block["type"] == "input" and text:
                for line in [f"{block['label']['text']}:", *(f"  {line}" for line in text.splitlines())]:
                    self._line("form", line, DIM)

    def note(self, text: str) -> None:
        """What the spectator should know of what happens."""
        self._line("", text, BOLD)

    def quote(self, message: Message, *beginnings: str) -> None:
        """What a message shows beside its first line: the texts that begin so, all of them when none is named."""
        for text in _texts(message):
            if not beginnings or text.startswith(beginnings):
                for line in text.splitlines():
                    self._line("", f"| {_plain(self._workspace, line)}", DIM)

    def say(self, text: str) -> None:
        """A plain line."""
        print(text, flush=True)

    async def _follow(self) -> None:
        async for change in self._workspace.subscribe():
            if change["kind"] == "message" and change["change"] != "deleted":
                self._shown(change)

    def _shown(self, change: Json) -> None:
        """A line for a new message, and for one of ours whose point has changed in place."""
        channel = self._workspace.channels[change["channel"]]
        message = channel.messages.get(change["ts"]) or channel.ephemerals.get(change["ts"])
        if message is None or (message.subtype or "").startswith(("channel_", "group_")) or message.subtype in _SILENT:
            return
        point = (change["ts"], message.text)
        if point in self._points:
            return
        self._points.add(point)
        author = self._workspace.users[message.user]
        place = self._place(message)
        ours = message.bot_id == self._workspace.app.bot_id
        said = _plain(self._workspace, message.text) or "shares a picture"
        self._line(place, f"{author.name}: {said}", GREEN if ours else CYAN)

    def _place(self, message: Message) -> str:
        channel = self._workspace.channels[message.channel_id]
        if channel.kind == "im":
            people = [self._workspace.users[user] for user in channel.members if user in self._workspace.users]
            return "to " + ", ".join(user.name for user in people if not user.is_bot)
        if message.ephemeral_to is not None:
            return f"only {self._workspace.users[message.ephemeral_to].name}"
        return f"#{channel.name}"[:18]

    def _line(self, place: str, text: str, colour: str) -> None:
        if self._task is None:
            return
        now = datetime.fromtimestamp(self._workspace.now_seconds, UTC)
        margin = f"{now:%H:%M}  {place:<18}  "
        wrapped = textwrap.wrap(text, self._width - len(margin)) or [""]
        for number, line in enumerate(wrapped[:4]):
            more = " …" if number == 3 and len(wrapped) > 4 else ""
            print(f"{margin if number == 0 else ' ' * len(margin)}{self._paint(line + more, colour)}", flush=True)

    def _paint(self, text: str, colour: str) -> str:
        return f"{colour}{text}{RESET}" if self._colour else text


_SILENT = frozenset({"pinned_item", "bookmark_added", "bot_add"})
_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_DATE = re.compile(r"<!date\^(\d+)\^[^|>]*\|([^>]*)>")
_CHANNEL = re.compile(r"<#(\w+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<([^|>]+)\|([^>]*)>")


def _texts(message: Message) -> Iterator[str]:
    for block in message.blocks:
        text = block.get("text")
        if block["type"] == "section" and text:
            yield text["text"]


def _plain(workspace: Workspace, text: str) -> str:
    text = _MENTION.sub(lambda found: f"@{_name(workspace, found[1])}", text)
    text = _CHANNEL.sub(lambda found: f"#{workspace.channels[found[1]].name}", text)
    text = _DATE.sub(r"\2", text)
    text = _LINK.sub(r"\2", text).replace("*", "")
    return " ".join(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())


def _name(workspace: Workspace, user: str) -> str:
    return workspace.users[user].name if user in workspace.users else user
