"""Secrets that must be read again are kept sealed: AES-256-GCM under a key derived from `SECRET_KEY`."""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Opened:
    """`stale`: sealed under the previous key; to be sealed again before that one is thrown away."""

    plain: bytes
    stale: bool


class Sealer:
    """Seals under the present key, opens what the present or the previous one has sealed."""

    def __init__(self, secret: str, previous: str | None = None) -> None:
        self._keys = [_key(secret)] + ([_key(previous)] if previous else [])

    def seal(self, plain: bytes, context: str) -> bytes:
        """Nonce and ciphertext. `context` says whose secret it is: moved to another row, it does not open."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._keys[0]).encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> Opened | None:
        """What was sealed for this context; None when it was changed, moved, or sealed under a key we do not have."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        for key in self._keys:
            try:
                return Opened(AESGCM(key).decrypt(nonce, rest, context.encode()), stale=key is not self._keys[0])
            except (InvalidTag, ValueError):
                continue
        return None


def _key(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"teleconsulta sealing key").derive(secret.encode())
