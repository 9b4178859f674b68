"""Refusals of presence, by their stable codes."""

from teleconsulta.kernel.errors import DomainError


class RoomFull(DomainError):
    code, status, detail = "room_full", 409, "As many people as fit are in this consultation."


class RoomIsClosed(DomainError):
    code, status, detail = "room_closed", 410, "This consultation is over."


class ConsentRequired(DomainError):
    code, status, detail = "consent_required", 403, "Consent comes before the consultation."


class SeatTaken(DomainError):
    code, status, detail = "seat_taken", 409, "You are in this consultation in another page."


class AlreadyAdmitted(DomainError):
    code, status, detail = "already_admitted", 409, "Somebody has let this person in already."


class NotSeated(DomainError):
    code, status, detail = "not_found", 404, "There is no such participant here."
