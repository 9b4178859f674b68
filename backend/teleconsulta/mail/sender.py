"""The port through which letters leave, and what may go wrong there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from teleconsulta.mail.message import Mail


class MailSender(Protocol):
    """Hands a letter over. When `send` returns, somebody else is responsible for it."""

    async def send(self, mail: Mail) -> None:
        """
        Raises:
            MailRefused: it will never be accepted.
            MailDelayed: it was not accepted now; trying again makes sense.
        """
        ...


class MailError(Exception):
    """`code` is stable and says nothing about a person."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailRefused(MailError):
    """For good: the address does not exist, the server does not want such letters."""


class MailDelayed(MailError):
    """For now: the server is away, busy or not set up rightly."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one try ended. `queued` is to be tried again; `code` says why it was not sent, stable, about no person."""

    state: Literal["sent", "failed", "queued"]
    code: str | None = None


async def attempt(sender: MailSender, mail: Mail) -> Attempt:
    """One try, its failure told as a value: the caller writes it down in the transaction that holds the letter."""
    try:
        await sender.send(mail)
    except MailRefused as refusal:
        return Attempt("failed", refusal.code)
    except MailDelayed as delay:
        return Attempt("queued", delay.code)
    return Attempt("sent")
