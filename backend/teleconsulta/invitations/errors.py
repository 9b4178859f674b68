"""What a personal link can refuse."""

from teleconsulta.kernel.errors import Conflict, DomainError, NotFound


class InvalidLink(DomainError):
    """No link of ours. The same answer for one that never existed and for one that was tampered with."""

    code, status, detail = "invalid_link", 401, "This link is not valid."


class LinkExpired(DomainError):
    code, status, detail = "expired", 410, "The time of this link is over."


class LinkRevoked(DomainError):
    code, status, detail = "revoked", 410, "This link was withdrawn, or replaced by a newer one."


class TooEarly(Conflict):
    """`opens_at` in the body says from when on."""

    code, detail = "too_early", "It is too early to enter."


class NoEmail(Conflict):
    code, detail = "no_email", "This person has no e-mail address; hand the link over."


class InvitationNotFound(NotFound):
    detail = "There is no such invitation."
