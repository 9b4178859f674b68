"""A letter as a value, and as the RFC 5322 message that travels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from teleconsulta.mail.calendar import Event, as_ics

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter to one person. `message_id` stays the same however often it is sent; `event` is what the reader's
    calendar is to learn."""

    message_id: str
    sender: str  # "Name <address>"
    to_name: str
    to_email: str
    subject: str
    text: str
    html: str
    language: str
    written_at: datetime
    event: Event | None = None


def new_message_id(unique: str, origin: str) -> str:
    """`<unique@host>`, the host being the one people know us by."""
    host = urlsplit(origin).hostname or "localhost"
    return f"<{unique}@{host}>"


def compose(mail: Mail) -> EmailMessage:
    """The message with its text and HTML parts, and its calendar part when it has one. No header can be smuggled in:
    line breaks become spaces.

    Raises:
        ValueError: the recipient's address cannot stand in a header.
    """
    message = EmailMessage(policy=policy.SMTP)
    sender_name, sender_address = parseaddr(mail.sender)
    message["From"] = address(sender_name, sender_address)
    message["To"] = address(mail.to_name, mail.to_email)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.event is not None:
        _add_calendar(message, mail.event)
    message["Content-Language"] = mail.language  # last, or it would go into the first part
    return message


def _add_calendar(message: EmailMessage, event: Event) -> None:
    """Once as a third form of the letter, which is where mail programs look for an invitation, and once as a file,
    for those that only know attachments."""
    ics = as_ics(event)
    message.add_alternative(ics, subtype="calendar", cte="base64", params={"method": event.method})
    message.add_attachment(ics.encode(), maintype="application", subtype="ics", filename="consulta.ics")


def address(name: str, email: str) -> Address:
    """A mailbox for a header.

    Raises:
        ValueError: it is no address.
    """
    if _BREAKS.search(email) or not email.isascii() or email.count("@") != 1:
        raise ValueError("not an address for a header")
    return Address(display_name=one_line(name), addr_spec=email)


def one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()
