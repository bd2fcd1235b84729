"""(b) From the submission of the declare form to a room that can be used, against the least that is possible.

Usable: the channel is made, the card is in it, whoever declared is invited. The least: a bare client creates a channel
and then posts the same card, one after the other; both by turns in one workspace, at two latencies of its Web API.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from app.workspace.model import Channel
from bench.databases import Databases
from bench.slack import Slack, local_slack
from bench.table import Line, median, ms, percentile

LATENCIES_SECONDS = (0.0, 0.08)
AIM = 1.5
COMMAND = "/ai-incident"


@dataclass
class Times:
    """What was measured at one latency, in seconds; `calls`: of the Web API until the room was usable."""

    least: list[float] = field(default_factory=list)
    product: dict[str, list[float]] = field(default_factory=dict)


async def measure(databases: Databases, folder: Path, *, quick: bool) -> list[Line]:
    rounds = 3 if quick else 9
    found = {latency: Times() for latency in LATENCIES_SECONDS}
    for kind in databases.kinds:
        async with AsyncExitStack() as stack:
            slack = await stack.enter_async_context(local_slack())
            serving = await slack.product(databases.make(kind), folder / f"room-{kind}.log")
            stack.push_async_callback(serving.stop)
            bare = await stack.enter_async_context(_bare_client(slack))
            for round_ in range(-1, rounds):
                for latency, times in found.items():
                    slack.workspace.latency_seconds = latency
                    declared, card = await _declared(slack, round_)
                    least = await _least(bare, f"least-{kind.lower()}-{round_ + 1}-{latency * 1000:.0f}", card)
                    slack.workspace.latency_seconds = 0.0
                    await asyncio.sleep(0.2 if quick else 0.5)
                    if round_ >= 0:
                        times.least.append(least)
                        times.product.setdefault(kind, []).append(declared)
    return [line for latency, times in found.items() for line in _lines(latency, times)]


def _bare_client(slack: Slack) -> _Bare:
    return _Bare(slack)


class _Bare:
    """A client that does nothing but call."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def __aenter__(self) -> AsyncWebClient:
        self._session = aiohttp.ClientSession()
        return AsyncWebClient(
            token=self._slack.workspace.app.bot_token,
            base_url=self._slack.server.api_url,
            session=self._session,
            retry_handlers=[],
        )

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()


async def _declared(slack: Slack, round_: int) -> tuple[float, dict[str, Any]]:
    """Seconds from submitting until the room was usable, and the card in it."""
    workspace, ada = slack.workspace, slack.workspace.person("ada")
    await ada.command(COMMAND, "", "general")
    form = await workspace.until(ada.modal)
    known = set(workspace.channels)
    changes = workspace.subscribe()
    began = time.perf_counter()
    submitting = asyncio.create_task(
        ada.submit(form, {"title": f"The agent refunds twice {round_}", "severity": "sev2"})
    )
    room = None
    while room is None:
        await changes.next_within(15.0)
        room = _usable(slack, known, ada.id)
    took = time.perf_counter() - began
    changes.close()
    await submitting
    card = next(message for message in room.messages.values() if message.blocks)
    await _quiet(slack)
    left = ada.modal()
    if left is not None:
        await ada.close(left)
    return took, {"text": card.text, "blocks": card.blocks}


def _usable(slack: Slack, known: set[str], declarer: str) -> Channel | None:
    for channel in slack.workspace.channels.values():
        made = channel.id not in known and channel.name.startswith("inc-")
        if made and declarer in channel.members and any(one.blocks for one in channel.messages.values()):
            return channel
    return None


async def _quiet(slack: Slack) -> None:
    """Return once nothing was asked of the workspace for a while, so that the next measurement has it to itself."""
    while True:
        count = len(slack.workspace.calls)
        await asyncio.sleep(0.7)
        if len(slack.workspace.calls) == count:
            return


async def _least(client: AsyncWebClient, name: str, card: dict[str, Any]) -> float:
    """Seconds for two calls, one after the other."""
    began = time.perf_counter()
    made = await client.conversations_create(name=name)
    await client.chat_postMessage(channel=made["channel"]["id"], **card)
    return time.perf_counter() - began


def _lines(latency: float, times: Times) -> list[Line]:
    least = median(times.least)
    at = f"at {latency * 1000:.0f} ms"
    lines = [Line("room", f"{at}: two calls of a bare client", ms(least))]
    for kind, took in times.product.items():
        ratio = median(took) / least
        figure = f"{ms(median(took))} (p90 {ms(percentile(took, 90))})"
        lines.append(Line("room", f"{at}: {kind}", figure))
        lines.append(Line("room", f"{at}: {kind} : least", f"{ratio:.2f}", f"<= {AIM}", ratio <= AIM))
    return lines
