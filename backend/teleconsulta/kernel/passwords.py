"""Passwords: Argon2id hashes, and which passwords are refused."""

from __future__ import annotations

import asyncio
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

MIN_LENGTH = 8
MAX_LENGTH = 128

# RFC 9106's second recommended option is 64 MiB; a free tier has 256 to 512 MiB for everything, so we take
# OWASP's equivalent with 19 MiB and two passes, and never more than two at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = asyncio.Semaphore(2)


@cache
def _common() -> frozenset[str]:
    text = resources.files("teleconsulta.kernel").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line)


def is_guessable(password: str) -> bool:
    """Whether it stands in the list of common passwords, or is built from the product's own words."""
    lowered = password.lower()
    return lowered in _common() or lowered.strip("0123456789!@#$%&*.-_ ") in {"teleconsulta", "consulta", "medica", "medico", "clinica"}


async def hash_password(password: str) -> str:
    """The PHC string of an Argon2id hash."""
    async with _slots:
        return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(hashed: str, password: str) -> bool:
    """Whether the password belongs to the hash. Takes as long for a wrong one."""
    async with _slots:
        try:
            return await asyncio.to_thread(_hasher.verify, hashed, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
