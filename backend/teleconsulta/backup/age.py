"""Encryption in the format of age: to public keys that the server knows, with identities that it does not."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from teleconsulta.backup.errors import Damaged, NoIdentity, NoRecipient, WrongIdentity
from teleconsulta.backup.manifest import Sink


class Source(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Counted:
    """A sink that knows size and SHA-256 of what went through."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._digest, self.size = sink, sha256(), 0
        self.failure: Exception | None = None

    def write(self, data: bytes, /) -> int:
        try:
            self._sink.write(data)
        except Exception as error:  # kept, for it comes out of the encryption as something else
            self.failure = error
            raise
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """The sink's own close does it."""

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Chained:
    """First `head`, then `rest`."""

    def __init__(self, head: bytes, rest: Source) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        if not self._head:
            return self._rest.read(size)
        cut = len(self._head) if size < 0 else size
        given, self._head = self._head[:cut], self._head[cut:]
        return given


class Pieces:
    """A source made of pieces that come one after another; knows size and SHA-256 of what was read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""
        self._digest, self.size = sha256(), 0

    def read(self, size: int = -1, /) -> bytes:
        while size < 0 or not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._digest.update(piece)
            self.size += len(piece)
            self._left += piece
        cut = len(self._left) if size < 0 else size
        given, self._left = self._left[:cut], self._left[cut:]
        return given

    def finish(self) -> str:
        """Read what is left; the SHA-256 of everything."""
        for piece in self._pieces:
            self._digest.update(piece)
            self.size += len(piece)
        return self._digest.hexdigest()


def recipients(texts: Sequence[str]) -> list[Any]:
    """
    Raises:
        NoRecipient: there is none, or one is no public key.
    """
    from pyrage import RecipientError, x25519

    if not texts:
        raise NoRecipient
    try:
        return [x25519.Recipient.from_str(text.strip()) for text in texts]
    except (RecipientError, ValueError) as error:
        raise NoRecipient from error


def identities(path: str | None) -> list[Any]:
    """Those in a file as `age-keygen` writes it; `-` reads standard input.

    Raises:
        NoIdentity: the file cannot be read, or holds none.
    """
    from pyrage import IdentityError, x25519

    if path is None:
        raise NoIdentity
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
        lines = [line.strip() for line in text.splitlines()]
        found = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeError, IdentityError, ValueError) as error:
        raise NoIdentity from error
    if not found:
        raise NoIdentity
    return found


def new_pair() -> tuple[str, str]:
    """A fresh identity and its public key."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def encrypt(source: Source, sink: Counted, keys: Iterable[Any]) -> None:
    """A piece at a time; whatever the sink raises comes through."""
    from pyrage import encrypt_io

    try:
        encrypt_io(source, sink, list(keys))
    except Exception as error:
        raise (sink.failure or error) from None


def decrypt(source: Pieces, sink: Any, keys: Sequence[Any]) -> None:
    """A piece at a time; each is authentic when the sink gets it, and that nothing is missing is known at the end.

    Raises:
        WrongIdentity, Damaged; whatever the sink raised is its `__context__` at most.
    """
    from pyrage import DecryptError, decrypt_io

    try:
        decrypt_io(source, sink, list(keys))
    except DecryptError as error:
        raise (WrongIdentity if "matching keys" in str(error) else Damaged) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise Damaged from error
