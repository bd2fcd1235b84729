"""Orders to give in tests of connectors."""

from __future__ import annotations

from typing import Any

from app.domain.register import Connector, ConnectorKind, Switch, SwitchKind
from app.ports.switches import Order


def switch(connector: Connector, **fields: Any) -> Switch:
    given: dict[str, Any] = {
        "key": "revoke",
        "kind": SwitchKind.REVOKE_AGENT,
        "name": "Revoke Penny's permissions",
        "what_happens": "Penny can read, and do nothing else",
        "affects": "everybody who asks Penny to change a standing order",
        "how_to_undo": "give the permissions back in the agent console",
    }
    # Copied, not made: what the register would refuse has to be refused here as well.
    return Switch(**given | fields).model_copy(update={"connector": connector})


def order(connector: Connector, key: str = "order-1", reason: str = "it cancels orders") -> Order:
    return Order("INC-1", "penny", switch(connector), key, reason)


def hook(base: str, **fields: Any) -> Connector:
    """A webhook of the sample receiver's shape, in a private network; whatever the register would say to it."""
    given: dict[str, Any] = {
        "kind": ConnectorKind.WEBHOOK,
        "url": f"{base}/switches/penny/revoke",
        "verify_url": f"{base}/switches/penny/revoke/state",
        "undo_url": f"{base}/switches/penny/revoke/undo",
        "allow_private_network": True,
    }
    return Connector.model_construct(**given | fields)


def http(body: str, status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer as it goes over the wire."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body.encode())}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
