"""What subscribing can refuse."""

from teleconsulta.kernel.errors import Conflict, DomainError


class BadSubscription(DomainError):
    code, status, detail = "push_unsupported", 422, "Messages cannot be sent to this browser."


class TooManyBrowsers(Conflict):
    code, detail = "too_many_browsers", "As many browsers as can be are told already."
