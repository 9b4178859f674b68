"""Counts letters on their way out."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

from teleconsulta.mail.message import Mail
from teleconsulta.mail.sender import MailDelayed, MailRefused, MailSender


class LetterFigures:
    """How many letters this process has handed over, and how many nobody took."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._mails = Counter("teleconsulta_mails", "Letters, by what became of them.", ("result",), registry=registry)
        for result in ("sent", "delayed", "refused"):
            self._mails.labels(result)

    def counted(self, sender: MailSender) -> MailSender:
        """The same sender, counted."""
        return _Counting(sender, self._mails)


class _Counting:
    def __init__(self, inner: MailSender, mails: Counter) -> None:
        self._inner, self._mails = inner, mails

    async def send(self, mail: Mail) -> None:
        try:
            await self._inner.send(mail)
        except MailRefused:
            self._mails.labels("refused").inc()
            raise
        except MailDelayed:
            self._mails.labels("delayed").inc()
            raise
        self._mails.labels("sent").inc()
