"""Who sends: the key by which push services know this server (RFC 8292)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from teleconsulta.kernel.settings import Settings
from teleconsulta.notifications.encryption import decode, encode, public_bytes

LASTS = timedelta(hours=12)  # a day is the most
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256's group."""


class Vapid:
    """Signs requests. The same settings always give the same key; another key voids every subscription."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, subject: str) -> None:
        self._key, self._subject = key, subject
        self.public_key = encode(public_bytes(key))

    @classmethod
    def of(cls, settings: Settings) -> Vapid:
        """By `VAPID_PRIVATE_KEY`, else by a key derived from `SECRET_KEY`.

        Raises:
            ValueError: `VAPID_PRIVATE_KEY` is no key.
        """
        return cls(private_key(settings.vapid_private_key, settings.secret_key), settings.origin)

    def authorization(self, endpoint: str, now: datetime) -> str:
        """The header's value for one push service."""
        address = urlsplit(endpoint)
        claims = {"aud": f"{address.scheme}://{address.netloc}", "exp": int((now + LASTS).timestamp())}
        # Services want somebody to turn to: our own address is that of the clinic's site.
        token = jwt.encode({**claims, "sub": self._subject}, self._key, algorithm="ES256")
        return f"vapid t={token}, k={self.public_key}"


def private_key(given: str | None, secret: str) -> ec.EllipticCurvePrivateKey:
    """The key of 32 bytes in base64url, as the usual tools write it; without one, derived.

    Raises:
        ValueError: it is no key of P-256.
    """
    if given:
        raw = decode(given)
        if len(raw) != 32:
            raise ValueError("VAPID_PRIVATE_KEY has not 32 bytes")
        number = int.from_bytes(raw, "big")
    else:
        derived = hmac.new(secret.encode(), b"teleconsulta vapid key", hashlib.sha512).digest()
        number = int.from_bytes(derived, "big") % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())
