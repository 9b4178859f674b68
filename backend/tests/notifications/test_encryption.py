"""The message that a browser can read and nobody on the way, and the key that says who sent it."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from teleconsulta.notifications.encryption import MOST_BYTES, decode, encode, encrypted, public_bytes
from teleconsulta.notifications.vapid import private_key
from tests.notifications.receiver import read

# RFC 8291, section 5 and appendix A.
OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
READER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_rfc_comes_out_byte_by_byte() -> None:
    own = private_key(OWN, "")
    made = encrypted(
        b"When I grow up, I want to be a watermelon", decode(READER), decode(AUTH), own=own, salt=decode(SALT)
    )
    assert encode(made) == BODY


def test_a_browser_reads_the_longest_message_and_another_reads_nothing() -> None:
    reader, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    own, salt = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    body = encrypted(b"x" * MOST_BYTES, public_bytes(reader), auth, own=own, salt=salt)
    assert (read(body, reader, auth), len(body)) == (b"x" * MOST_BYTES, 86 + 4096)
    with pytest.raises(Exception):  # noqa: B017, PT011 - the cipher's own
        read(body, reader, os.urandom(16))
    with pytest.raises(ValueError, match="too long"):
        encrypted(b"x" * (MOST_BYTES + 1), public_bytes(reader), auth, own=own, salt=salt)


@pytest.mark.parametrize("raw", [b"", b"\x04" * 65, b"\x04" + b"\x01" * 63])
def test_a_key_that_is_none_is_refused(raw: bytes) -> None:
    own = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(ValueError, match=r".*"):
        encrypted(b"x", raw, b"a" * 16, own=own, salt=b"s" * 16)


class TestOurKey:
    def test_without_one_it_comes_from_the_secret_and_stays_the_same(self) -> None:
        one, again, other = (public_bytes(private_key(None, secret)) for secret in ("a" * 40, "a" * 40, "b" * 40))
        assert one == again != other

    def test_one_that_was_given_is_used(self) -> None:
        assert encode(public_bytes(private_key(OWN, "a" * 40))).startswith("BP4z9KsN6nGRTbVYI")

    @pytest.mark.parametrize("given", ["abc", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "não é chave"])
    def test_what_is_no_key_is_said_so(self, given: str) -> None:
        with pytest.raises(ValueError, match=r".*"):
            private_key(given, "a" * 40)
