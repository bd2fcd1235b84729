"""Secrets sealed with AES-GCM, under keys derived from what the operator configured."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.ports.vault import Unreadable

_NONCE_BYTES = 12
_KEY_BYTES = 32
_NAME_BYTES = 4


class KeyRing:
    """Implements `app.ports.vault.Vault`. The first of `secrets` seals, any of them opens; each is long and random.

    Sealed text is `v1.<name of the key>.<nonce and ciphertext>`. The place is authenticated with it, so that a sealed
    token that is copied into another workspace's row does not open there.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise ValueError("a key ring needs a secret")
        derived = [_derive(secret) for secret in secrets]
        self._current = derived[0][0]
        self._keys = dict(reversed(derived))

    def seal(self, secret: str, place: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        hidden = self._keys[self._current].encrypt(nonce, secret.encode(), place.encode())
        return f"v1.{self._current}.{base64.urlsafe_b64encode(nonce + hidden).decode()}"

    def open(self, sealed: str, place: str) -> str:
        version, _, rest = sealed.partition(".")
        name, _, coded = rest.partition(".")
        if version != "v1" or name not in self._keys:
            raise Unreadable("sealed with a key that is not configured")
        try:
            raw = base64.b64decode(coded, altchars=b"-_", validate=True)
            return self._keys[name].decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error):
            raise Unreadable("altered, or sealed for another place") from None

    def is_current(self, sealed: str) -> bool:
        return sealed.startswith(f"v1.{self._current}.")


def _derive(secret: str) -> tuple[str, AESGCM]:
    """A key and a short name for it that tells nothing about it."""
    # No salt: the secrets are random already, and every replica must derive the same.
    stretch = HKDF(algorithm=SHA256(), length=_KEY_BYTES + _NAME_BYTES, salt=None, info=b"ai-incident token sealing v1")
    material = stretch.derive(secret.encode())
    return material[_KEY_BYTES:].hex(), AESGCM(material[:_KEY_BYTES])
