"""Message encryption for Web Push (RFC 8291 over RFC 8188). Pure but for the randomness that is passed in."""

from __future__ import annotations

import base64
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES = 4096
MOST_BYTES = RECORD_BYTES - 16 - 1
"""One record holds the whole message, its tag and the mark of its end."""
SALT_BYTES, POINT_BYTES, AUTH_BYTES = 16, 65, 16
LAST_RECORD = b"\x02"


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The uncompressed point, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def point(raw: bytes) -> ec.EllipticCurvePublicKey:
    """A browser's key.

    Raises:
        ValueError: it is no uncompressed point of P-256.
    """
    if len(raw) != POINT_BYTES:
        raise ValueError("not an uncompressed point")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def encrypted(message: bytes, reader: bytes, auth: bytes, *, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The body of a push message in the `aes128gcm` coding. `own` and `salt` are used for this message only.

    Raises:
        ValueError: the reader's key is none, or the message is longer than `MOST_BYTES`.
    """
    if len(message) > MOST_BYTES:
        raise ValueError("too long for one record")
    mine = public_bytes(own)
    shared = own.exchange(ec.ECDH(), point(reader))
    secret = _hkdf(shared, auth, b"WebPush: info\x00" + reader + mine, 32)
    key = _hkdf(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(secret, salt, b"Content-Encoding: nonce\x00", 12)
    header = salt + struct.pack("!IB", RECORD_BYTES, len(mine)) + mine
    return header + AESGCM(key).encrypt(nonce, message + LAST_RECORD, None)


def encode(raw: bytes) -> str:
    """Base64url without padding, as browsers and RFC 8292 write keys."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """
    Raises:
        ValueError: it is no base64url.
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
