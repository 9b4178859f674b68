"""What a standing room can refuse."""

from teleconsulta.kernel.errors import Conflict


class StandingRoomClosed(Conflict):
    """The same answer for a doctor whose room is off, for one who has left, and for one who never was."""

    code, detail = "standing_room_closed", "Nobody is received here at the moment."


class QueueFull(Conflict):
    code, detail = "queue_full", "As many people as can be are waiting."
