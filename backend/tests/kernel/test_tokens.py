"""What a token must be to be believed (RFC 8725)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import orjson
import pytest

from teleconsulta.kernel.errors import TokenExpired, Unauthorized
from teleconsulta.kernel.tokens import CLAIMS, Purpose, Tokens
from tests.support import SECRET

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OTHER = "p7Qk2mX7c4Lr8Tz1Wb5Hn3Yd6Gf0Js-pAeUz"
PURPOSES: tuple[Purpose, ...] = ("access", "invitation", "participant", "resume")


def at(moment: datetime, secret: str = SECRET, previous: str | None = None) -> Tokens:
    return Tokens(secret, previous, clock=lambda: moment)


def forged(
    purpose: Purpose = "access",
    *,
    algorithm: str = "HS256",
    header: dict[str, Any] | None = None,
    without: str = "",
    key: bytes | None = None,
    **claims: Any,
) -> str:
    """A token signed with the right key of the purpose, wrong in just one way."""
    good = at(NOON).issue(purpose, "someone", NOON + timedelta(minutes=10), sid="a session")
    payload = {**jwt.decode(good, options={"verify_signature": False}), **claims}
    payload.pop(without, None)
    kid, typ = (jwt.get_unverified_header(good)[name] for name in ("kid", "typ"))
    right = hmac.new(SECRET.encode(), f"teleconsulta {purpose} key".encode(), hashlib.sha256).digest()
    made = {"typ": typ, "kid": kid, "alg": algorithm, **(header or {})}
    made = {name: value for name, value in made.items() if value is not None}
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(algorithm)
    body = f"{_b64(orjson.dumps(made))}.{_b64(orjson.dumps(payload))}"
    signature = hmac.new(key or right, body.encode(), digest).digest() if digest else b""
    return f"{body}.{_b64(signature)}"


def _b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def test_the_forger_can_make_a_good_one() -> None:
    assert at(NOON).read(forged(), "access").subject == "someone"


@pytest.mark.parametrize(
    "raw",
    [
        forged(algorithm="none"),
        forged(algorithm="none", header={"alg": "None"}),
        forged(algorithm="HS512"),
        forged(algorithm="HS384"),
        forged(header={"alg": "RS256"}),
        forged(key=b"x" * 32),
        forged(key=SECRET.encode()),
        forged(header={"typ": "JWT"}),
        forged(header={"typ": None}),
        forged(header={"typ": "invitation+jwt"}),
        forged(header={"kid": None}),
        forged(header={"kid": "unknown"}),
        forged(header={"kid": ["list"]}),
        forged(header={"crit": ["b64"], "b64": False}),
        forged(header={"crit": ["exp"]}),
        forged(without="exp"),
        forged(without="iat"),
        forged(without="iss"),
        forged(without="aud"),
        forged(without="sub"),
        forged(without="jti"),
        forged(iss="somebody"),
        forged(aud="invitation"),
        forged(aud=["access", "invitation"], iss="x"),
        forged(sub=7),
        forged(exp="soon"),
        forged(exp=2**62),
        forged(exp=None),
        forged(iat=float("nan")),
        forged() + "x",
        forged().rsplit(".", 1)[0] + ".",
        forged().rsplit(".", 1)[0],
        "",
        "a.b.c",
        "é",
        "." * 4000,
    ],
    ids=range(36),
)
def test_anything_else_is_no_token_of_ours(raw: str) -> None:
    with pytest.raises(Unauthorized):
        at(NOON).read(raw, "access")


@pytest.mark.parametrize("made", PURPOSES)
@pytest.mark.parametrize("asked", PURPOSES)
def test_a_token_opens_its_own_door_only(made: Purpose, asked: Purpose) -> None:
    raw = at(NOON).issue(made, "someone", NOON + timedelta(minutes=10))
    if made == asked:
        assert at(NOON).read(raw, asked).subject == "someone"
    else:
        with pytest.raises(Unauthorized):
            at(NOON).read(raw, asked)


@pytest.mark.parametrize(
    ("seconds", "refusal"),
    [(-35, Unauthorized), (-25, None), (0, None), (599, None), (625, None), (635, TokenExpired)],
)
def test_clocks_of_two_hosts_may_differ_by_half_a_minute(seconds: int, refusal: type[Exception] | None) -> None:
    raw = at(NOON).issue("access", "someone", NOON + timedelta(minutes=10))
    reader = at(NOON + timedelta(seconds=seconds))
    if refusal is None:
        assert reader.read(raw, "access").expires_at == NOON + timedelta(minutes=10)
    else:
        with pytest.raises(refusal):
            reader.read(raw, "access")


@pytest.mark.parametrize(("seconds", "good"), [(25, True), (35, False)])
def test_not_before_is_heeded(seconds: int, good: bool) -> None:
    raw = forged(nbf=int((NOON + timedelta(seconds=seconds)).timestamp()))
    if good:
        assert at(NOON).read(raw, "access").subject is not None
    else:
        with pytest.raises(Unauthorized):
            at(NOON).read(raw, "access")


class TestRotation:
    def test_old_links_open_and_new_ones_use_the_new_key(self) -> None:
        old = at(NOON).issue("invitation", "someone", NOON + timedelta(hours=1))
        rotated = at(NOON, OTHER, SECRET)
        new = rotated.issue("invitation", "someone", NOON + timedelta(hours=1))
        assert rotated.read(old, "invitation").subject == rotated.read(new, "invitation").subject
        kids = {jwt.get_unverified_header(raw)["kid"] for raw in (old, new)}
        assert len(kids) == 2
        with pytest.raises(Unauthorized):
            at(NOON).read(new, "invitation")

    def test_a_key_that_was_retired_opens_nothing(self) -> None:
        old = at(NOON).issue("invitation", "someone", NOON + timedelta(hours=1))
        with pytest.raises(Unauthorized):
            at(NOON, OTHER).read(old, "invitation")


def test_a_token_holds_ids_only() -> None:
    raw = at(NOON).issue("participant", "someone", NOON + timedelta(hours=1), room="r", role="patient")
    assert jwt.decode(raw, options={"verify_signature": False}).keys() <= CLAIMS
    for stray in ("name", "email", "cpf"):
        issue: Callable[..., str] = at(NOON).issue
        with pytest.raises(ValueError, match=stray):
            issue("participant", "someone", NOON, **{stray: "x"})


def test_the_key_id_tells_nothing_of_the_key() -> None:
    kid = jwt.get_unverified_header(at(NOON).issue("access", "s", NOON))["kid"]
    assert kid not in SECRET
    assert hashlib.sha256(SECRET.encode()).hexdigest()[:12] != kid
