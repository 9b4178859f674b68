"""Refusals of the socket, by their stable codes."""

from teleconsulta.kernel.errors import DomainError


class Revoked(DomainError):
    code, status, detail = "revoked", 403, "This access was withdrawn."


class TooEarly(DomainError):
    code, status, detail = "too_early", 409, "The consultation is not open yet."


class OldPage(DomainError):
    code, status, detail = "protocol", 400, "The page does not speak this server's protocol; reload it."


class BadMessage(DomainError):
    code, status, detail = "bad_message", 400, "The message is not one of the protocol's."


class NotAdmitted(DomainError):
    code, status, detail = "not_admitted", 403, "Wait until the doctor lets you in."
