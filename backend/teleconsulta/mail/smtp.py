"""Letters by SMTP, as `SMTP_URL` says."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from teleconsulta.mail.message import Mail, compose
from teleconsulta.mail.sender import MailDelayed, MailRefused

TIMEOUT_SECONDS = 10.0
TOTAL_SECONDS = 40.0

Tls = Literal["never", "if offered", "always", "from the start"]


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """`smtps://user:password@host:465`, `smtp://host:587?starttls=always|auto|never`."""

    host: str
    port: int
    tls: Tls
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> SmtpAddress:
        """
        Raises:
            ValueError: it is no such URL; the text names what is wrong and never the password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("SMTP_URL is not an address like smtp://user:password@host:587.") from None
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("SMTP_URL has to begin with smtp:// or smtps:// and to name a host.")
        wish = parse_qs(parts.query).get("starttls", ["auto"])[-1].lower()
        kinds: dict[str, Tls] = {"auto": "if offered", "always": "always", "required": "always", "never": "never"}
        if wish not in kinds:
            raise ValueError("SMTP_URL: starttls is auto, always or never.")
        username = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        if parts.scheme == "smtps":
            return cls(parts.hostname, port or 465, "from the start", username, password)
        # A password is never said in the clear to somebody else's machine.
        tls = kinds[wish]
        local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if username and tls == "if offered" and not local:
            tls = "always"
        return cls(parts.hostname, port or (587 if tls == "always" or username else 25), tls, username, password)


class SmtpSender:
    """One connection a letter: a clinic sends few, and an idle connection is one more thing that breaks."""

    def __init__(self, address: SmtpAddress, timeout: float = TIMEOUT_SECONDS) -> None:
        self._address, self._timeout = address, timeout

    async def send(self, mail: Mail) -> None:
        try:
            message = compose(mail)
        except ValueError as error:
            raise MailRefused("address_invalid") from error
        client = _client(self._address, self._timeout)
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                await client.connect()
                await client.sendmail(parseaddr(mail.sender)[1], [mail.to_email], message.as_bytes())
        except aiosmtplib.SMTPRecipientsRefused as error:
            worst = error.recipients[0]
            raise _judged(worst.code, "recipient_refused") from None
        except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPHeloError, aiosmtplib.SMTPConnectResponseError):
            # Ours or the server's trouble, never the letter's: the operator will set it right.
            raise MailDelayed("smtp_unavailable") from None
        except aiosmtplib.SMTPSenderRefused as error:
            raise _judged(error.code, "sender_refused") from None
        except aiosmtplib.SMTPResponseException as error:
            raise _judged(error.code, "message_refused") from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError):
            raise MailDelayed("smtp_unreachable") from None
        finally:
            await _leave(client)


async def greet(address: SmtpAddress, tls: ssl.SSLContext | None = None) -> bool:
    """Connect, secure, sign in and leave again, without a letter. Whether the connection was encrypted.

    Raises:
        SMTPException, OSError, TimeoutError, ValueError: of aiosmtplib, as it is.
    """
    client = _client(address, TIMEOUT_SECONDS, tls)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await client.connect()
            return client.get_transport_info("sslcontext") is not None
    finally:
        await _leave(client)


def _client(address: SmtpAddress, timeout: float, tls: ssl.SSLContext | None = None) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=address.host,
        port=address.port,
        use_tls=address.tls == "from the start",
        start_tls={"never": False, "always": True, "if offered": None}.get(address.tls, False),
        username=address.username,
        password=address.password,
        timeout=timeout,
        local_hostname="localhost",
        tls_context=tls,
    )


def _judged(status: int, code: str) -> MailRefused | MailDelayed:
    """5xx is for good, everything else for now (RFC 5321, 4.2.1)."""
    return MailRefused(code) if 500 <= status < 600 else MailDelayed("smtp_deferred")


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye, but do not insist: the letter's fate is already decided."""
    try:
        async with asyncio.timeout(1):
            if client.is_connected:
                await client.quit()
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        pass
    finally:
        client.close()
