"""A sample receiver of containment webhooks: what stands between the incident bot and the systems that it may stop.

It needs nothing but Python. Put your own code where `Systems` remembers a state, and keep the three checks:

    CONTAINMENT_SECRET=… python docs/containment_receiver.py --port 8090

In the register, a switch then has a connector of the kind webhook with `url`, `verify_url` ending in /state and
`undo_url` ending in /undo, as in docs/register.example.yml.

An order is JSON: {action: act | verify | undo, incident, system, switch, idempotency_key, reason}. `reason` is left out
for restricted incidents. The headers that come with it:

    X-Containment-Timestamp   seconds since 1970
    X-Containment-Nonce       random, never used twice
    X-Containment-Signature   v1= and the HMAC-SHA256, in hex, of TIMESTAMP.NONCE.BODY under the shared secret
    Idempotency-Key           the same however often the order is given; taking back is an order with a key of its own

The answer to `verify` is JSON: {idempotency_key, system, switch, state: contained | not_contained, detail}. It has to
say what the system reads at that moment, never what was once asked of it. Acting and undoing answer 200 when done.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WINDOW_SECONDS = 300
LARGEST_ORDER = 64 * 1024
ACTIONS = {"state": "verify", "undo": "undo"}
WORDS = {True: "contained", False: "not_contained"}


class Refused(Exception):
    """An order that is not carried out, with the status that says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Seal:
    """Tells orders of the bot from all others, and fresh ones from those that somebody sends a second time."""

    def __init__(self, secret: str, now: Callable[[], float] = time.time) -> None:
        self._secret = secret.encode()
        self._now = now
        self._nonces: dict[str, float] = {}
        self._lock = threading.Lock()

    def check(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raises Refused. The signature comes first: nobody else's nonces are worth remembering."""
        timestamp = headers.get("X-Containment-Timestamp") or ""
        nonce = headers.get("X-Containment-Nonce") or ""
        expected = "v1=" + hmac.new(self._secret, f"{timestamp}.{nonce}.".encode() + body, hashlib.sha256).hexdigest()
        given = headers.get("X-Containment-Signature") or ""
        if not nonce or not hmac.compare_digest(expected.encode(), given.encode()):
            raise Refused(401, "the signature is wrong")
        now = self._now()
        if not timestamp.isdigit() or abs(now - int(timestamp)) > WINDOW_SECONDS:
            raise Refused(401, "the timestamp is too far from now")
        with self._lock:
            self._nonces = {one: until for one, until in self._nonces.items() if until > now}
            if nonce in self._nonces:
                raise Refused(409, "this very request has come before")
            # Longer than any timestamp of that nonce can be taken for fresh.
            self._nonces[nonce] = now + 2 * WINDOW_SECONDS


class Systems:
    """The systems and their switches. This one only remembers; yours asks the platform that runs the agent."""

    def __init__(self) -> None:
        self._contained: dict[tuple[str, str], bool] = {}

    def throw(self, system: str, switch: str, contained: bool) -> None:
        """Take the agent's permissions away (or give them back), route to the fallback, roll the model back …"""
        self._contained[system, switch] = contained

    def is_contained(self, system: str, switch: str) -> bool:
        """What the system itself reads now."""
        return self._contained.get((system, switch), False)


class Receiver:
    """Carries out each order once, however often it is given, and says what the system reads.

    `effects` are the orders that had one. What was done is remembered in memory; keep it on disk if you restart often.
    """

    def __init__(self, secret: str, now: Callable[[], float] = time.time, systems: Systems | None = None) -> None:
        self.effects: list[dict[str, str]] = []
        self.systems = systems or Systems()
        self._seal = Seal(secret, now)
        self._done: dict[str, tuple[str, str, str]] = {}
        self._lock = threading.Lock()

    def take(self, action: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """Carry out one order and return the answer. Raises Refused."""
        self._seal.check(headers, body)
        order = _order(body)
        if order["action"] != action:
            raise Refused(400, "the order was signed for another address")
        with self._lock:
            if action != "verify":
                self._do_once(order)
            contained = self.systems.is_contained(order["system"], order["switch"])
        names = ("idempotency_key", "system", "switch")
        return {name: order[name] for name in names} | {"state": WORDS[contained]}

    def _do_once(self, order: dict[str, str]) -> None:
        what = (order["action"], order["system"], order["switch"])
        before = self._done.setdefault(order["idempotency_key"], what)
        if before != what:
            raise Refused(409, "this idempotency key was used for another order")
        if any(one["idempotency_key"] == order["idempotency_key"] for one in self.effects):
            return
        self.systems.throw(order["system"], order["switch"], contained=order["action"] == "act")
        self.effects.append(order)


def _order(body: bytes) -> dict[str, str]:
    try:
        order = json.loads(body)
    except ValueError:
        raise Refused(400, "the order is not JSON") from None
    needed = ("action", "system", "switch", "idempotency_key")
    if not isinstance(order, dict) or not all(isinstance(order.get(name), str) and order[name] for name in needed):
        raise Refused(400, f"an order has {', '.join(needed)}")
    return order


class Server(ThreadingHTTPServer):
    """Listens for orders."""

    daemon_threads = True

    def __init__(self, receiver: Receiver, host: str = "127.0.0.1", port: int = 0, *, logs: bool = False) -> None:
        super().__init__((host, port), Handler)
        self.receiver = receiver
        self.logs = logs

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]}:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    timeout = 10

    def do_POST(self) -> None:
        """Answer with JSON, whatever comes."""
        try:
            status, answer = 200, self.server.receiver.take(self._action(), self.headers, self._body())
        except Refused as refused:
            status, answer = refused.status, {"error": str(refused)}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _action(self) -> str:
        if not self.path.startswith("/switches/"):
            raise Refused(404, "there is nothing here")
        return ACTIONS.get(self.path.rpartition("/")[2], "act")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length") or ""
        if not length.isdigit() or int(length) > LARGEST_ORDER:
            raise Refused(413, "an order has a length, of at most 64 kB")
        return self.rfile.read(int(length))

    def log_message(self, format: str, *args: object) -> None:
        """One line a request on standard error, without what the order says."""
        if self.server.logs:
            sys.stderr.write(f"{self.command} {self.path} {args[1] if len(args) > 1 else ''}\n")


def main() -> None:
    """Listen until stopped."""
    parser = argparse.ArgumentParser(description="A sample receiver of containment webhooks.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090, help="0 lets the system choose")
    given = parser.parse_args()
    secret = os.environ.get("CONTAINMENT_SECRET")
    if not secret:
        sys.exit("CONTAINMENT_SECRET: is not set. It must be the same as the incident bot's.")
    server = Server(Receiver(secret), given.host, given.port, logs=True)
    sys.stdout.write(f"listening on {server.url}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
