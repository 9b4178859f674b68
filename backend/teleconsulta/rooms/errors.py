"""What a room can refuse."""

from teleconsulta.kernel.errors import Conflict, DomainError, Invalid, NotFound


class RoomNotFound(NotFound):
    """Also said about somebody else's room: it does not exist for a stranger."""

    detail = "There is no such consultation."


class RoomClosed(DomainError):
    code, status, detail = "room_closed", 410, "This consultation is over."


class RoomFull(Conflict):
    code, detail = "room_full", "Four people, with the doctor, are the most."


class SlotTaken(Conflict):
    """`next_free` in the body holds other times."""

    code, detail = "slot_taken", "The doctor has another consultation at that time."


class InThePast(Invalid):
    code, detail = "in_the_past", "This time has passed."
