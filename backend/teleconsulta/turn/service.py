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


def ice_urls(settings: Settings) -> list[str]:
    """Where the STUN servers and relays are, without a credential: enough to see whether a network reaches them.

    No secret: a relay answers nobody without a credential, and the name stands in every admitted person's browser.
    """
    return [*settings.stun_urls, *(settings.turn_urls if settings.turn_secret else ())]
