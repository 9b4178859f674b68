"""The second factor's arithmetic, pure: codes of an authenticator app (RFC 6238), recovery codes, the picture."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
import segno

STEP_SECONDS = 30
DIGITS = 6
WINDOW = (0, -1, 1)  # steps beside the present one: clocks differ, and typing takes its time
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else
_RECOVERY_LENGTH = 16  # 79 bits: too many to try, so one salted hash is enough


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code as one SVG path: `size` modules wide and high, without its quiet zone; a module is a unit square."""

    size: int
    path: str


def new_secret() -> str:
    """160 random bits in base 32, as authenticator apps take them."""
    return pyotp.random_base32()


def uri(secret: str, account: str, issuer: str) -> str:
    """The `otpauth://` address that an authenticator app reads."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def picture(text: str) -> Picture:
    """The QR code of this text."""
    matrix = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    runs = [
        f"M{start} {y}h{end - start}v1h-{end - start}z" for y, row in enumerate(matrix) for start, end in _dark(row)
    ]
    return Picture(len(matrix), "".join(runs))


def plain(typed: str) -> str:
    """A code as it is compared: people type spaces, dashes and capitals."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())


def is_app_code(code: str) -> bool:
    """Whether it looks like one of an authenticator app; else it is taken for a recovery code."""
    return len(code) == DIGITS and code.isascii() and code.isdecimal()


def matching_step(secret: str, code: str, now: datetime, after: int | None = None) -> int | None:
    """The 30-second step that this code belongs to, at most one away from now and later than the step `after`.

    A code is worth nothing once it, or a later one, was used: who looks over a shoulder comes too late.
    """
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for beside in WINDOW:  # all of them, whatever is found: the time it takes says nothing
        step = present + beside
        fits = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if fits and (after is None or step > after):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes in groups of four, as in `7kqm-2fzx-9whb-c3np`."""
    codes = ("".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return ["-".join(code[at : at + 4] for at in range(0, _RECOVERY_LENGTH, 4)) for code in codes]


def recovery_hash(user_id: UUID, code: str) -> bytes:
    """SHA-256 of the code, salted by its owner."""
    return hashlib.sha256(b"recovery\x00" + user_id.bytes + plain(code).encode()).digest()


def _dark(row: bytes) -> list[tuple[int, int]]:
    """The runs of dark modules in a row: start and end."""
    edges = [x for x in range(len(row) + 1) if (row[x - 1] if x else 0) != (row[x] if x < len(row) else 0)]
    return list(zip(edges[::2], edges[1::2], strict=True))
