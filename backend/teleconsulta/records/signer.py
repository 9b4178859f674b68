"""The signature of dossiers. Pure; docs/decisions/0019-the-dossier.md says why the key is derived."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signer:
    """Signs with Ed25519 (RFC 8032). The same secret always gives the same key."""

    def __init__(self, secret: str) -> None:
        seed = hmac.new(secret.encode(), b"teleconsulta dossier key", hashlib.sha256).digest()
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_hex(self) -> str:
        """The public key, 32 bytes in hex."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._key.sign(message)
