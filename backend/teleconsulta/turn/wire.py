"""Messages of STUN and TURN as bytes (RFC 8489, RFC 8656, RFC 6156). Pure: randomness comes in as an argument."""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

COOKIE = 0x2112A442
HEADER = 20
BINDING, ALLOCATE, REFRESH, SEND, DATA, CREATE_PERMISSION = 0x0001, 0x0003, 0x0004, 0x0006, 0x0007, 0x0008
INDICATION, SUCCESS, FAILURE = 0x0010, 0x0100, 0x0110
USERNAME, INTEGRITY, ERROR, LIFETIME, PEER, PAYLOAD = 0x0006, 0x0008, 0x0009, 0x000D, 0x0012, 0x0013
REALM, NONCE, RELAYED, FAMILY, TRANSPORT, MAPPED = 0x0014, 0x0015, 0x0016, 0x0017, 0x0019, 0x0020
UDP = b"\x11\x00\x00\x00"
FAMILIES = {4: b"\x01\x00\x00\x00", 6: b"\x02\x00\x00\x00"}

Address = tuple[str, int]


class Malformed(ValueError):
    """The bytes are no message of STUN."""


@dataclass(frozen=True, slots=True)
class Message:
    """`kind` is method and class in one; an attribute that came twice counts once, the first time."""

    kind: int
    identifier: bytes
    attributes: Mapping[int, bytes]

    @property
    def error(self) -> int:
        """The error's number, as 401; 0 when it tells of none."""
        found = self.attributes.get(ERROR, b"")
        return (found[2] & 7) * 100 + found[3] if len(found) >= 4 else 0

    def address(self, attribute: int) -> Address:
        """
        Raises:
            Malformed: it tells of no such address.
        """
        return unxored(self.attributes.get(attribute, b""), self.identifier)


@dataclass(frozen=True, slots=True)
class Login:
    """Long-term credentials, as a relay's challenge asks for them."""

    username: str
    password: str
    realm: bytes
    nonce: bytes

    @property
    def key(self) -> bytes:
        said = b":".join((self.username.encode(), self.realm, self.password.encode()))
        return hashlib.md5(said).digest()  # noqa: S324 - the protocol's own


def encode(kind: int, identifier: bytes, attributes: Mapping[int, bytes], login: Login | None = None) -> bytes:
    """One message; signed when there is a login."""
    wish = dict(attributes)
    if login is not None:
        wish |= {USERNAME: login.username.encode(), REALM: login.realm, NONCE: login.nonce}
    body = b"".join(_attribute(name, value) for name, value in wish.items())
    if login is not None:
        # The length covers the signature, which covers the length.
        head = _head(kind, len(body) + 24, identifier)
        body += _attribute(INTEGRITY, hmac.new(login.key, head + body, hashlib.sha1).digest())
    return _head(kind, len(body), identifier) + body


def decode(data: bytes) -> Message:
    """
    Raises:
        Malformed: it is no whole message.
    """
    if len(data) < HEADER or size(data) != len(data) or struct.unpack_from("!I", data, 4)[0] != COOKIE:
        raise Malformed("not a message")
    attributes: dict[int, bytes] = {}
    at = HEADER
    while at + 4 <= len(data):
        name, length = struct.unpack_from("!HH", data, at)
        if at + 4 + length > len(data):
            raise Malformed("an attribute goes beyond the end")
        attributes.setdefault(name, data[at + 4 : at + 4 + length])
        at += 4 + length + -length % 4
    return Message(struct.unpack_from("!H", data)[0], data[8:HEADER], attributes)


def size(head: bytes) -> int:
    """How long the message is whose first bytes these are; on a stream nothing else marks its end."""
    return HEADER + int(struct.unpack_from("!H", head, 2)[0])


def xored(address: Address, identifier: bytes) -> bytes:
    """An address as it travels, so that no router on the way mends it."""
    found = ip_address(address[0])
    mask = struct.pack("!I", COOKIE) + identifier
    mixed = bytes(one ^ other for one, other in zip(found.packed, mask, strict=False))
    return struct.pack("!BBH", 0, 1 if found.version == 4 else 2, address[1] ^ (COOKIE >> 16)) + mixed


def unxored(value: bytes, identifier: bytes) -> Address:
    """
    Raises:
        Malformed: it is no address.
    """
    if len(value) not in {8, 20}:
        raise Malformed("not an address")
    mask = struct.pack("!I", COOKIE) + identifier
    packed = bytes(one ^ other for one, other in zip(value[4:], mask, strict=False))
    return str(ip_address(packed)), int(struct.unpack_from("!H", value, 2)[0]) ^ (COOKIE >> 16)


def _attribute(name: int, value: bytes) -> bytes:
    return struct.pack("!HH", name, len(value)) + value + b"\x00" * (-len(value) % 4)


def _head(kind: int, length: int, identifier: bytes) -> bytes:
    return struct.pack("!HHI", kind, length, COOKIE) + identifier
