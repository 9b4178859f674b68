"""What the worker does in this installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from teleconsulta.auth import letters as account_letters
from teleconsulta.auth import second_factor
from teleconsulta.consultations import abandoned
from teleconsulta.invitations import letters, reminders
from teleconsulta.jobs.worker import Handler, Pace, Sweep, Work
from teleconsulta.kernel.clock import Clock, now
from teleconsulta.kernel.sealing import Sealer
from teleconsulta.kernel.settings import Settings
from teleconsulta.kernel.tokens import Tokens
from teleconsulta.mail.sender import MailSender
from teleconsulta.mail.service import sender_for
from teleconsulta.notifications import service as push
from teleconsulta.readiness import sweep as readiness
from teleconsulta.webhooks import outbox as webhooks
from teleconsulta.webhooks.guard import Guard


def work(
    settings: Settings,
    *,
    sender: MailSender | None = None,
    clock: Clock = now,
    pace: Pace | None = None,
    more_handlers: Mapping[str, Handler] | None = None,
    more_sweeps: Sequence[Sweep] = (),
) -> Work:
    """Handlers and sweeps for `jobs.worker.run`; `more` are those of packages that this one must not know.

    Raises:
        ValueError: `SMTP_URL` or `VAPID_PRIVATE_KEY` is not understood.
    """
    tokens = Tokens(settings.secret_key, settings.secret_key_previous, clock)
    sealer = Sealer(settings.secret_key, settings.secret_key_previous)
    by = sender or sender_for(settings)
    guard = Guard(loopback=settings.webhooks_allow_loopback)
    handlers = {
        letters.ENTRYPOINT: letters.handler(settings, tokens, by, clock),
        account_letters.ENTRYPOINT: account_letters.handler(settings, tokens, by, clock),
        webhooks.ENTRYPOINT: webhooks.handler(sealer, guard, clock),
        push.ENTRYPOINT: push.handler(settings, clock),
    }
    sweeps = [
        letters.sweep(clock),
        reminders.sweep(settings, clock),
        account_letters.sweep(clock),
        readiness.sweep(clock),
        webhooks.sweep(clock),
        abandoned.sweep(settings, clock),
    ]
    if settings.secret_key_previous:
        sweeps += [second_factor.resealing(sealer), webhooks.resealing(sealer)]
    handlers |= more_handlers or {}
    sweeps += more_sweeps
    return Work(handlers, sweeps, pace or Pace(), {webhooks.ENTRYPOINT: webhooks.AT_ONCE})
