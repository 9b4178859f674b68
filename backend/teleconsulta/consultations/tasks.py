"""What the worker does in this installation."""

from __future__ import annotations

from teleconsulta.auth import letters as account_letters
from teleconsulta.auth import second_factor
from teleconsulta.consultations import abandoned
from teleconsulta.invitations import letters, reminders
from teleconsulta.jobs.worker import Pace, Work
from teleconsulta.kernel.clock import Clock, now
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.mail.sender import MailSender
from teleconsulta.mail.service import sender_for
from teleconsulta.notifications import service as push


def work(settings: Settings, *, sender: MailSender | None = None, clock: Clock = now, pace: Pace | None = None) -> Work:
    """Handlers and sweeps for `jobs.worker.run`.

    Raises:
        ValueError: `SMTP_URL` or `VAPID_PRIVATE_KEY` is not understood.
    """
    tokens = Tokens(settings.secret_key, settings.secret_key_previous, clock)
    by = sender or sender_for(settings)
    handlers = {
        letters.ENTRYPOINT: letters.handler(settings, tokens, by, clock),
        account_letters.ENTRYPOINT: account_letters.handler(settings, tokens, by, clock),
        push.ENTRYPOINT: push.handler(settings, clock),
    }
    sweeps = [letters.sweep(clock), reminders.sweep(settings, clock), account_letters.sweep(clock)]
    sweeps.append(abandoned.sweep(settings, clock))
    if settings.secret_key_previous:
        sweeps.append(second_factor.resealing(Sealer(settings.secret_key, settings.secret_key_previous)))
    return Work(handlers, sweeps, pace or Pace())
