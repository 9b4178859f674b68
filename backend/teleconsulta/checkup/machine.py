"""Letters, backups and the disk."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import tempfile
from datetime import timedelta
from pathlib import Path

import aiosmtplib

from teleconsulta.checkup.installation import Installation
from teleconsulta.checkup.report import Report
from teleconsulta.mail.smtp import SmtpAddress, greet

MAIL_IDS = ("smtp",)
BACKUP_IDS = ("backup",)
DISK_IDS = ("disk",)
LITTLE_MB = 1024
TOO_LITTLE_MB = 200
BACKUP_LATE = timedelta(hours=30)
BACKUP_MISSING = timedelta(days=3)


async def mail(about: Installation, report: Report) -> None:
    url = about.settings.smtp_url
    if not url:
        if about.settings.demo:
            report.unset("smtp")
        else:
            report.warn("smtp", "none")
        return
    try:
        address = SmtpAddress.parse(url)
    except ValueError:
        report.wrong("smtp", "unreadable")
        return
    try:
        encrypted = await greet(address, about.tls)
    except aiosmtplib.SMTPAuthenticationError:
        report.wrong("smtp", "login", host=address.host)
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
        report.wrong("smtp", "tls" if _of_tls(error) else "unreachable", host=address.host, port=address.port)
    else:
        if encrypted or address.host in {"localhost", "127.0.0.1", "::1"}:
            report.ok("smtp", host=address.host)
        else:
            report.warn("smtp", "plain", host=address.host)


def _of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError) or "STARTTLS" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


async def backup(about: Installation, report: Report) -> None:
    if about.last_backup is None:
        report.unset("backup")
        return
    made = await about.last_backup(about.settings)
    if made is None:
        report.warn("backup", "never")
        return
    age = about.clock() - made
    hours = round(age.total_seconds() / 3600)
    if age > BACKUP_MISSING:
        report.wrong("backup", "old", hours=hours)
    elif age > BACKUP_LATE:
        report.warn("backup", "old", hours=hours)
    else:
        report.ok("backup", hours=hours)


async def disk(about: Installation, report: Report) -> None:
    folder = about.settings.var_dir.absolute()
    try:
        free = await asyncio.to_thread(_free_mb, folder)
    except OSError:
        report.wrong("disk", "unwritable", folder=folder)
        return
    if free < TOO_LITTLE_MB:
        report.wrong("disk", "full", folder=folder, megabytes=free)
    elif free < LITTLE_MB:
        report.warn("disk", "full", folder=folder, megabytes=free)
    else:
        report.ok("disk", gigabytes=free // 1024)


def _free_mb(folder: Path) -> int:
    """Megabytes that can still be written.

    Raises:
        OSError: nothing can be written there at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return shutil.disk_usage(folder).free >> 20
