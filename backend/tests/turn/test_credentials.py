"""Relay credentials and the order of servers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from teleconsulta.turn.credentials import Ice, credential, ice_list, username

NOON = datetime(2026, 11, 26, 12, 0, 0, 400_000, tzinfo=UTC)
TTL = timedelta(minutes=10)
STUN = ["stun:stun.clinica.example:3478"]
TURN = ["turn:a.example:3478?transport=udp", "turn:a.example:3478?transport=tcp", "turns:a.example:443?transport=tcp"]


def test_the_user_name_is_the_expiry_and_the_person() -> None:
    assert username("bia", datetime(2026, 11, 26, 12, 10, tzinfo=UTC)) == "1795695000:bia"


def test_the_credential_is_what_coturn_computes() -> None:
    expected = base64.b64encode(hmac.new(b"segredo", b"1795695000:bia", hashlib.sha1).digest()).decode()
    assert credential(b"segredo", "1795695000:bia") == expected


def test_known_answer() -> None:
    """From `printf 1433895918:ingo | openssl dgst -sha1 -hmac north -binary | base64`."""
    assert credential(b"north", "1433895918:ingo") == "MspV+nAa7pAITBrTcffS6Cz3+vc="


def test_servers_keep_their_order_stun_first() -> None:
    made = ice_list(STUN, TURN, "segredo", "bia", NOON, TTL)
    assert [server.urls for server in made.servers] == [tuple(STUN), tuple(TURN)]
    assert made.servers[0] == Ice(tuple(STUN))
    relay = made.servers[1]
    assert relay.username == "1795695000:bia"
    assert relay.credential == credential(b"segredo", "1795695000:bia")


def test_the_expiry_told_is_the_one_signed() -> None:
    made = ice_list(STUN, TURN, "segredo", "bia", NOON, TTL)
    assert made.expires_at == datetime(2026, 11, 26, 12, 10, tzinfo=UTC)


def test_without_a_relay_nothing_expires() -> None:
    assert ice_list(STUN, [], None, "bia", NOON, TTL).expires_at is None
    assert ice_list([], [], None, "bia", NOON, TTL).servers == ()


def test_a_relay_without_a_secret_is_not_told() -> None:
    assert ice_list([], TURN, None, "bia", NOON, TTL).servers == ()
