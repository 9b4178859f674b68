"""ICE servers by this installation's settings."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from teleconsulta.kernel.settings import Settings
from teleconsulta.turn.credentials import IceServers, ice_list


def ice_servers(settings: Settings, participant_id: UUID, now: datetime) -> IceServers:
    """The servers for one admitted participant, with fresh credentials.

    `TURN_SECRET` signs. While it is being replaced the relay accepts `TURN_SECRET_PREVIOUS` too, so what was handed
    out before the change goes on working; nothing new is made with the old one.
    """
    ttl = timedelta(seconds=settings.turn_ttl_seconds)
    return ice_list(settings.stun_urls, settings.turn_urls, settings.turn_secret, str(participant_id), now, ttl)
