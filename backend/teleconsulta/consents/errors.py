"""What giving consent can refuse."""

from teleconsulta.kernel.errors import Conflict, DomainError, NotFound


class ConsentOutdated(Conflict):
    code, detail = "consent_outdated", "The text has changed; read the current one."


class OnlyForThePatient(Conflict):
    """Everybody else agrees for themselves, or does not take part."""

    code, detail = "only_for_the_patient", "Only the patient may be represented, or seen without an agreement."


class AlreadyAuthorised(Conflict):
    code, detail = "already_authorised", "The patient has agreed; there is nothing to override."


class NoSuchPatient(NotFound):
    detail = "There is no such participant in a consultation of yours."


class SeatRevoked(DomainError):
    code, status, detail = "revoked", 410, "This invitation was withdrawn."


class ConsultationOver(DomainError):
    code, status, detail = "room_closed", 410, "This consultation is over."
