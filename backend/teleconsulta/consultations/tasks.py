"""What the worker does in this installation."""

from __future__ import annotations

from teleconsulta.auth import letters as account_letters
from teleconsulta.invitations import letters
from teleconsulta.jobs.worker import Pace, Work
from teleconsulta.kernel.clock import Clock, now
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.mail.sender import MailSender
from teleconsulta.mail.service import sender_for


def work(settings: Settings, *, sender: MailSender | None = None, clock: Clock = now, pace: Pace | None = None) -> Work:
    """Handlers and sweeps for `jobs.worker.run`.

    Raises:
        ValueError: `SMTP_URL` is not understood.
    """
    tokens = Tokens(settings.secret_key, settings.secret_key_previous, clock)
    by = sender or sender_for(settings)
    handlers = {
        letters.ENTRYPOINT: letters.handler(settings, tokens, by, clock),
        account_letters.ENTRYPOINT: account_letters.handler(settings, tokens, by, clock),
    }
    return Work(handlers, [letters.sweep(clock), account_letters.sweep(clock)], pace or Pace())
