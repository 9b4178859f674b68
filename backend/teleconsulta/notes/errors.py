"""What saving a note can refuse."""

from teleconsulta.kernel.errors import DomainError


class NoteConflict(DomainError):
    """`current` is the stored note; `yours` is what was sent and not stored."""

    code, status, detail = "note_conflict", 409, "The note was changed on another page; here are both texts."
