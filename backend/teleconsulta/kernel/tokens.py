"""One wrapper for every JWT: a token has one purpose and never opens another door (RFC 8725)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import jwt

from teleconsulta.kernel.clock import Clock, now
from teleconsulta.kernel.errors import TokenExpired, Unauthorized
from teleconsulta.kernel.ids import new_id

Purpose = Literal["access", "checkup", "enrolment", "invitation", "participant", "password", "resume"]

ISSUER = "teleconsulta"
ALGORITHM = "HS256"
LEEWAY = timedelta(seconds=30)
REQUIRED = ("exp", "iat", "iss", "aud", "sub", "jti")
# Only ids may stand in a token: a link is forwarded, logged by proxies, kept by mail servers.
CLAIMS = frozenset({*REQUIRED, "nbf", "room", "role", "sid", "gen"})


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says."""

    subject: str
    token_id: str
    issued_at: datetime
    expires_at: datetime
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class Tokens:
    """Issues and reads tokens. Keys are derived per purpose, so a key that leaks opens one kind of door."""

    def __init__(self, secret: str, previous: str | None = None, clock: Clock = now) -> None:
        self._secrets = [secret] + ([previous] if previous else [])
        self._clock = clock

    def issue(self, purpose: Purpose, subject: str, expires_at: datetime, **claims: str | int) -> str:
        """A signed token for one purpose. `claims` may only hold ids, a role or a generation number."""
        payload: dict[str, Any] = {
            **claims,
            "sub": subject,
            "iss": ISSUER,
            "aud": purpose,
            "iat": int(self._clock().timestamp()),
            "exp": int(expires_at.timestamp()),
            "jti": str(new_id()),
        }
        stray = payload.keys() - CLAIMS
        if stray:
            raise ValueError(f"claims not allowed in a token: {sorted(stray)}")
        secret = self._secrets[0]
        headers = {"typ": _typ(purpose), "kid": _kid(secret)}
        return jwt.encode(payload, _key(secret, purpose), algorithm=ALGORITHM, headers=headers)

    def read(self, raw: str, purpose: Purpose, *, forgiving: timedelta = timedelta(0)) -> Claims:
        """The claims of a token of this purpose; `forgiving` is for how long after its time it is still read.

        Raises:
            TokenExpired: it was ours and its time is over.
            Unauthorized: anything else that is wrong with it.
        """
        try:
            header = jwt.get_unverified_header(raw)
            if header.get("typ") != _typ(purpose) or header.get("alg") != ALGORITHM:
                raise Unauthorized
            key = next((_key(s, purpose) for s in self._secrets if _kid(s) == header.get("kid")), None)
            if key is None:
                raise Unauthorized
            # Time is judged below by our own clock, which tests can move.
            payload = jwt.decode(
                raw,
                key,
                algorithms=[ALGORITHM],
                audience=purpose,
                issuer=ISSUER,
                options={
                    "require": list(REQUIRED),
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            issued_at = datetime.fromtimestamp(int(payload["iat"]), UTC)
            expires_at = datetime.fromtimestamp(int(payload["exp"]), UTC)
            not_before = datetime.fromtimestamp(int(payload.get("nbf", payload["iat"])), UTC)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError) as error:
            raise Unauthorized from error
        moment = self._clock()
        if max(issued_at, not_before) > moment + LEEWAY:
            raise Unauthorized
        if expires_at + LEEWAY + forgiving <= moment:
            raise TokenExpired
        return Claims(str(payload["sub"]), str(payload["jti"]), issued_at, expires_at, payload)


def _typ(purpose: Purpose) -> str:
    return f"{purpose}+jwt"


def _kid(secret: str) -> str:
    return hmac.new(secret.encode(), b"teleconsulta key id", hashlib.sha256).hexdigest()[:12]


def _key(secret: str, purpose: Purpose) -> bytes:
    return hmac.new(secret.encode(), f"teleconsulta {purpose} key".encode(), hashlib.sha256).digest()
