"""What issuing a document can refuse."""

from teleconsulta.kernel.errors import DomainError


class ProfileIncomplete(DomainError):
    """`missing` names what has to be filled in first, such as `doctor.address` or `clinic.crm_pj`."""

    code, status, detail = "profile_incomplete", 409, "The clinic's or the doctor's profile lacks what this needs."


class CallGoesOn(DomainError):
    code, status, detail = "call_open", 409, "The consultation is still going on."


class NobodyAttended(DomainError):
    code, status, detail = "patient_absent", 409, "The patient was never in this consultation."


class NotASignedPdf(DomainError):
    """It is no PDF, or holds no digital signature at all."""

    code, status, detail = "not_signed", 422, "The file is not a PDF with a digital signature in it."


class TooManyCopies(DomainError):
    code, status, detail = "too_many_copies", 409, "As many signed copies as are kept of one document are there."


class NotPrintable(DomainError):
    """`fields` names the texts in question."""

    code, status, detail = "not_printable", 409, "A text holds letters that this document's typeface does not have."
