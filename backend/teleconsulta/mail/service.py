"""Which way letters leave, by this installation's settings."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path

from teleconsulta.kernel.settings import Settings
from teleconsulta.mail.message import address
from teleconsulta.mail.outbox import OutboxSender
from teleconsulta.mail.sender import MailSender
from teleconsulta.mail.smtp import SmtpAddress, SmtpSender


def outbox_folder(settings: Settings) -> Path:
    return settings.var_dir / "outbox"


def sender_for(settings: Settings) -> MailSender:
    """SMTP when `SMTP_URL` is set, else files under `var/outbox`.

    Raises:
        ValueError: `SMTP_URL` or `MAIL_FROM` is not understood. Said at the start, or it would cost every letter.
    """
    try:
        address(*parseaddr(settings.mail_from))
    except ValueError:
        raise ValueError("MAIL_FROM is not an address like Clinic <no-reply@clinic.example>.") from None
    if settings.smtp_url:
        return SmtpSender(SmtpAddress.parse(settings.smtp_url))
    return OutboxSender(outbox_folder(settings))
