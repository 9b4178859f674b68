"""What can be seen from the settings alone, without asking anybody."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import urlsplit

from teleconsulta.checkup.installation import Installation
from teleconsulta.checkup.report import Report
from teleconsulta.kernel.settings import MIN_SECRET_BYTES, MIN_TURN_SECRET_BYTES, Settings, strong
from teleconsulta.mail.message import address
from teleconsulta.notifications.vapid import private_key
from teleconsulta.turn.urls import IceUrl

UNCHANGED = Settings.model_fields["mail_from"].default


def look(about: Installation, report: Report) -> None:
    settings = about.settings
    report.ok("settings")
    for one in (_secret_key, _turn_secret, _turn_urls, _test_settings, _public_url, _cors, _push, _mail_from):
        one(settings, report)


def _secret_key(settings: Settings, report: Report) -> None:
    if not settings.secret_key:
        report.wrong("secret-key", "missing")
    elif not settings.demo and not strong(settings.secret_key, MIN_SECRET_BYTES):
        report.wrong("secret-key", "weak", least=MIN_SECRET_BYTES)
    elif settings.secret_key_previous and not strong(settings.secret_key_previous, MIN_SECRET_BYTES):
        report.wrong("secret-key", "previous_weak", least=MIN_SECRET_BYTES)
    else:
        report.ok("secret-key")


def _turn_secret(settings: Settings, report: Report) -> None:
    if not settings.turn_secret:
        if settings.turn_urls:
            report.wrong("turn-secret", "missing")
        else:
            report.unset("turn-secret")
    elif settings.turn_secret == settings.secret_key:
        report.wrong("turn-secret", "same")
    elif not strong(settings.turn_secret, MIN_TURN_SECRET_BYTES):
        report.wrong("turn-secret", "weak", least=MIN_TURN_SECRET_BYTES)
    else:
        report.ok("turn-secret")


def _turn_urls(settings: Settings, report: Report) -> None:
    if not settings.turn_urls:
        report.warn("turn-urls", "none")
        return
    try:
        urls = [IceUrl.parse(url) for url in settings.turn_urls]
    except ValueError:
        report.wrong("turn-urls", "unreadable")
        return
    if not all(url.relay for url in urls):
        report.wrong("turn-urls", "unreadable")
    elif not any(url.way == "tls" for url in urls):
        report.warn("turn-urls", "no_tls")
    else:
        report.ok("turn-urls", count=len(urls))


def _test_settings(settings: Settings, report: Report) -> None:
    if settings.demo:
        report.warn("test-settings", "demo")
        return
    left = {
        "PUSH_ALLOW_LOOPBACK": settings.push_allow_loopback,
        "WEBHOOKS_ALLOW_LOOPBACK": settings.webhooks_allow_loopback,
        "DEMO_PASSWORD": settings.demo_password is not None,
    }
    names = [name for name, there in left.items() if there]
    if names:
        report.wrong("test-settings", "left", names=", ".join(names))
    else:
        report.ok("test-settings")


def _public_url(settings: Settings, report: Report) -> None:
    parts = urlsplit(settings.origin)
    if not settings.public_url and not settings.demo:
        report.wrong("public-url", "missing")
    elif parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.fragment:
        report.wrong("public-url", "unreadable")
    elif not settings.secure and not settings.demo:
        report.wrong("public-url", "insecure")
    else:
        report.ok("public-url", origin=settings.origin)


def _cors(settings: Settings, report: Report) -> None:
    for origin in settings.cors_origins:
        parts = urlsplit(origin)
        exact = parts.scheme == "https" and parts.netloc and not parts.path and not parts.query
        if not exact or "*" in origin or "@" in origin:
            report.wrong("cors", "not_exact")
    report.ok("cors", count=len(settings.cors_origins))


def _push(settings: Settings, report: Report) -> None:
    try:
        private_key(settings.vapid_private_key, settings.secret_key)
    except ValueError:
        report.wrong("push", "no_key")
    else:
        report.ok("push")


def _mail_from(settings: Settings, report: Report) -> None:
    try:
        address(*parseaddr(settings.mail_from))
    except ValueError:
        report.wrong("mail-from", "unreadable")
        return
    if settings.smtp_url and settings.mail_from == UNCHANGED:
        report.warn("mail-from", "unchanged")
    else:
        report.ok("mail-from")
