"""Letters as `.eml` files in a folder: for installations without SMTP, and for the demonstration."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from teleconsulta.mail.message import Mail, compose
from teleconsulta.mail.sender import MailDelayed, MailRefused

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter read back from its file; `id` names the file."""

    id: str
    to: str
    subject: str
    text: str
    html: str
    sent_at: datetime


class OutboxSender:
    """Writes each letter to a file of its own, all at once: a reader never sees half of one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, mail: Mail) -> None:
        try:
            data = compose(mail).as_bytes()
        except ValueError as error:
            raise MailRefused("address_invalid") from error
        try:
            await asyncio.to_thread(self._write, name_of(mail), data)
        except OSError as error:
            raise MailDelayed("outbox_unwritable") from error

    def _write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(path).replace(self._folder / f"{name}.eml")
        except BaseException:
            Path(path).unlink(missing_ok=True)
            raise


def name_of(mail: Mail) -> str:
    """A name that sorts by time; the same letter gets the same file again."""
    stamp = mail.written_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")
    return f"{stamp}-{hashlib.sha256(mail.message_id.encode()).hexdigest()[:16]}"


def letters(folder: Path, limit: int = SHOWN) -> Sequence[Letter]:
    """The latest letters of an outbox, newest first."""
    if not folder.is_dir():
        return []
    return [_read(path) for path in sorted(folder.glob("*.eml"), reverse=True)[:limit]]


def letter(folder: Path, identifier: str) -> Letter | None:
    """One letter by its id, or None. Only names of our own making are looked at."""
    if not identifier.replace("-", "").isalnum():
        return None
    path = folder / f"{identifier}.eml"
    return _read(path) if path.is_file() else None


def _read(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return Letter(
        id=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        sent_at=parsedate_to_datetime(str(message["Date"])),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())
