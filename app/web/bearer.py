"""Bearer tokens of the JSON API."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from aiohttp import web
from pydantic import SecretStr


class Bearers:
    """Knows the names and tokens that may come in. Every token is compared, so time tells nothing about them."""

    def __init__(self, tokens: Mapping[str, SecretStr]) -> None:
        self._digests = {name: _digest(token.get_secret_value()) for name, token in tokens.items()}

    def name_of(self, request: web.Request) -> str | None:
        """The name whose token the request carries; None if it carries none of them."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        digest = _digest(given.strip())
        names = [name for name, known in self._digests.items() if hmac.compare_digest(known, digest)]
        return names[0] if names and scheme.lower() == "bearer" else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
