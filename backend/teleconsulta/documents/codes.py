"""The code on a document: short enough to type, too long to guess. Pure but for the dice."""

from __future__ import annotations

import secrets

# Crockford's base 32: no letter that is taken for a digit or for another letter.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16  # 80 bits
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """In groups of four: `7QK2-M0XF-93TB-HW5C`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(text: str) -> str | None:
    """What somebody typed, in any case, with hyphens and spaces or without, as it is kept; None when it is no code."""
    typed = "".join(text.upper().split()).replace("-", "").translate(_MISREAD)
    return typed if len(typed) == LENGTH and set(typed) <= set(ALPHABET) else None
