"""Passwords: Argon2id hashes, and which passwords are refused.

`common_passwords.txt` holds the common passwords of eight and more characters: from the frequency list of zxcvbn
(MIT licence), plus Portuguese and Spanish ones and words of our own trade.
"""

from __future__ import annotations

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

MIN_LENGTH = 8
MAX_LENGTH = 128
PRODUCT_WORDS = frozenset({"teleconsulta", "teleconsultas", "consulta", "medica", "medico", "clinica", "doctor"})

# RFC 9106's second recommended option is 64 MiB; a free tier has 256 to 512 MiB for everything, so we take
# OWASP's equivalent with 19 MiB and two passes, and never more than two at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


@cache
def _common() -> frozenset[str]:
    text = resources.files("teleconsulta.kernel").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line)


@cache
def _nobody() -> str:
    """The hash of a password nobody knows, so that an unknown account costs what a known one does."""
    return _hasher.hash("nobody knows this one")


def is_guessable(password: str) -> bool:
    """Whether it stands in the list of common passwords, or is built from the product's own words."""
    lowered = _normal(password).lower()
    letters = lowered.strip("0123456789!?@#$%&*+=.,-_ ")
    return lowered in _common() or letters in PRODUCT_WORDS or len(set(lowered)) < 4


async def hash_password(password: str) -> str:
    """The PHC string of an Argon2id hash."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, _normal(password))


async def verify_password(hashed: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Takes as long for a wrong one, and for no hash at all."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, hashed, _normal(password))


def _verify(hashed: str | None, password: str) -> bool:
    try:
        _hasher.verify(hashed or _nobody(), password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return hashed is not None


def _normal(password: str) -> str:
    """One form for what keyboards of different systems compose differently (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
