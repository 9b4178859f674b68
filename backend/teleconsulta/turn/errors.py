"""What handing out relay credentials can refuse."""

from teleconsulta.kernel.errors import DomainError


class NotAdmitted(DomainError):
    code, status, detail = "not_admitted", 403, "The doctor has not let this person in yet."
