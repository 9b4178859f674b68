"""What giving consent can refuse."""

from teleconsulta.kernel.errors import Conflict, DomainError


class ConsentOutdated(Conflict):
    code, detail = "consent_outdated", "The text has changed; read the current one."


class SeatRevoked(DomainError):
    code, status, detail = "revoked", 410, "This invitation was withdrawn."


class ConsultationOver(DomainError):
    code, status, detail = "room_closed", 410, "This consultation is over."
