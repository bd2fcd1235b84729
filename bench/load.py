"""The load generator, a process of its own: signed message events over kept-alive connections.

Run as a program. Each line on standard input asks for one run, as JSON (`Run`); each is answered by a line of JSON:
`{seconds, latencies (seconds each), acknowledged (ts of each)}`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

PEOPLE = [f"U000000000{number}" for number in range(1, 9)]
WORDS = "The refund agent answered again with another customer's order, after the prompt was rolled back at nine"


@dataclass(frozen=True)
class Run:
    """`first` numbers the messages, so that no two runs send the same. `per_second` None: as fast as it goes."""

    port: int
    secret: str
    team: str
    app_id: str
    bot_user: str
    channels: list[str]
    first: int
    count: int
    connections: int
    per_second: float | None = None


@dataclass
class Outcome:
    seconds: float
    latencies: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """Sends one request at a time."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._buffer = b""
        self._ts = ""
        self._sent_at = 0.0
        self._answered: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, ts: str, request: bytes) -> asyncio.Future[None]:
        """Send it; the future is done once it is answered."""
        assert self._transport is not None
        self._ts, self._sent_at = ts, time.perf_counter()
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answered

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator or len(rest) < _length(head) or self._answered is None:
            return
        self._buffer = b""
        self._outcome.latencies.append(time.perf_counter() - self._sent_at)
        if head.startswith(b"HTTP/1.1 200"):
            self._outcome.acknowledged.append(self._ts)
        self._answered.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(exc or ConnectionError("the server hung up"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def perform(run: Run) -> Outcome:
    """Send all the run's messages. Raises ConnectionError when the server hangs up."""
    requests = deque(_requests(run))
    outcome = Outcome(0.0)
    connections = [await _connected(run.port, outcome) for _ in range(run.connections)]
    began = time.perf_counter()
    interval_seconds = 1 / run.per_second if run.per_second else 0.0

    async def keep_sending(connection: Connection) -> None:
        while requests:
            due = began + (run.count - len(requests)) * interval_seconds
            ts, request = requests.popleft()
            if interval_seconds and (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            await connection.send(ts, request)

    await asyncio.gather(*map(keep_sending, connections))
    outcome.seconds = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return outcome


async def _connected(port: int, outcome: Outcome) -> Connection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: Connection(outcome), "127.0.0.1", port)
    return connection


def _requests(run: Run) -> list[tuple[str, bytes]]:
    now = int(time.time())
    return [_request(run, now, number) for number in range(run.first, run.first + run.count)]


def _request(run: Run, now: int, number: int) -> tuple[str, bytes]:
    ts = f"{now}.{number:06}"
    body = json.dumps(_envelope(run, ts, now, number)).encode()
    signed = hmac.new(run.secret.encode(), b"v0:%d:%s" % (now, body), hashlib.sha256).hexdigest()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1:{run.port}\r\nUser-Agent: Slackbot 1.0\r\nAccept: */*\r\n"
        f"Content-Type: application/json\r\nX-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signed}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return ts, head.encode() + body


def _envelope(run: Run, ts: str, now: int, number: int) -> dict[str, Any]:
    words = f"{WORDS} ({number})"
    said = {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}
    return {
        "token": "verification",
        "team_id": run.team,
        "context_team_id": run.team,
        "context_enterprise_id": None,
        "api_app_id": run.app_id,
        "event": {
            "type": "message",
            "user": PEOPLE[number % len(PEOPLE)],
            "ts": ts,
            "client_msg_id": f"{number:08x}-0000-4000-8000-000000000000",
            "text": words,
            "team": run.team,
            "blocks": [{"type": "rich_text", "block_id": "b1", "elements": [said]}],
            "channel": run.channels[number % len(run.channels)],
            "event_ts": ts,
            "channel_type": "channel",
        },
        "type": "event_callback",
        "event_id": f"Ev{now:X}{number:07}",
        "event_time": now,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": run.team,
                "user_id": run.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-" + "e" * 60,
    }


def main() -> None:
    for line in sys.stdin:
        outcome = asyncio.run(perform(Run(**json.loads(line))))
        print(json.dumps(asdict(outcome)), flush=True)


if __name__ == "__main__":
    main()
