"""Signed webhooks: an order is posted as JSON, and whoever gets it can tell that it is ours, new and meant once.

The signature is HMAC-SHA256 over `TIMESTAMP.NONCE.BODY` under the shared secret.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector
from yarl import URL

from app.connectors.addresses import LookUp, Pinned, allowed_addresses, is_public, look_up
from app.connectors.answers import LARGEST_ANSWER, order_body, understood
from app.domain.register import Connector
from app.ports.switches import Answer, Call, Order, SwitchFailed

TIMESTAMP, NONCE, SIGNATURE = "X-Containment-Timestamp", "X-Containment-Nonce", "X-Containment-Signature"
IDEMPOTENCY_KEY = "Idempotency-Key"
ACT_SECONDS = 10.0
READ_SECONDS = 5.0


def signed(secret: str, body: bytes, timestamp: int, nonce: str) -> str:
    """The value of the signature header."""
    message = f"{timestamp}.{nonce}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Webhook:
    """Posts orders. `now`: seconds since 1970 by the wall clock, which the receiver compares with its own."""

    secret: str
    look: LookUp = look_up
    now: Callable[[], float] = time.time
    act_seconds: float = ACT_SECONDS
    read_seconds: float = READ_SECONDS

    async def call(self, call: Call, order: Order) -> Answer:
        """Raises SwitchFailed for everything but a timely 2xx answer about this order."""
        connector = order.switch.connector
        seconds = self.read_seconds if call is Call.VERIFY else self.act_seconds
        try:
            async with asyncio.timeout(seconds):
                body = await self._posted(_target(connector, call), connector, order_body(call, order), order)
        except TimeoutError:
            raise SwitchFailed(f"it did not answer within {seconds:g} seconds", again=True) from None
        except (ClientError, OSError) as error:
            raise SwitchFailed(f"it could not be reached ({type(error).__name__})", again=True) from None
        return understood(call, order, body)

    async def _posted(self, url: URL, connector: Connector, body: bytes, order: Order) -> bytes:
        private = connector.allow_private_network
        addresses = await allowed_addresses(url.host or "", url.port or 0, self.look, private=private)
        if url.scheme != "https" and any(is_public(one) for one in addresses):
            raise SwitchFailed("its address is public and not https, so anybody on the way could answer for it")
        pinned = TCPConnector(resolver=Pinned(addresses), use_dns_cache=False, force_close=True)
        async with (
            ClientSession(connector=pinned, timeout=ClientTimeout(total=None), auto_decompress=False) as session,
            session.post(url, data=body, headers=self._headers(body, order), allow_redirects=False) as response,
        ):
            return await _read(response)

    def _headers(self, body: bytes, order: Order) -> Mapping[str, str]:
        timestamp, nonce = int(self.now()), secrets.token_hex(16)
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "ai-incident",
            TIMESTAMP: str(timestamp),
            NONCE: nonce,
            SIGNATURE: signed(self.secret, body, timestamp, nonce),
            IDEMPOTENCY_KEY: order.idempotency_key,
        }


def _target(connector: Connector, call: Call) -> URL:
    address = {Call.ACT: connector.url, Call.VERIFY: connector.verify_url, Call.UNDO: connector.undo_url}[call]
    if not address:
        raise SwitchFailed("the register gives no address for it")
    try:
        url = URL(address)
    except ValueError:
        raise SwitchFailed("its address in the register can't be used") from None
    if url.scheme not in ("http", "https") or not url.host or url.user or url.password:
        raise SwitchFailed("its address in the register can't be used")
    return url


async def _read(response: ClientResponse) -> bytes:
    if 300 <= response.status < 400:
        raise SwitchFailed(f"it answered with a redirect ({response.status}), which is never followed")
    if not 200 <= response.status < 300:
        raise SwitchFailed(f"it answered with the status {response.status}", again=response.status >= 500)
    body = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise SwitchFailed(f"its answer is longer than {LARGEST_ANSWER // 1024} kB")
    return bytes(body)
