"""What travels about ICE servers."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from teleconsulta.turn.credentials import IceServers


class IceServerOut(BaseModel):
    """One `RTCIceServer` of the WebRTC API."""

    urls: list[str]
    # Left out rather than null: a browser would read null as the word "null".
    username: str | None = Field(default=None, exclude_if=lambda value: value is None)
    credential: str | None = Field(default=None, exclude_if=lambda value: value is None)


class TurnOut(BaseModel):
    """`expires_at` is null when no relay is configured."""

    ice_servers: list[IceServerOut]
    expires_at: datetime | None

    @classmethod
    def of(cls, ice: IceServers) -> TurnOut:
        servers = [
            IceServerOut(urls=list(one.urls), username=one.username, credential=one.credential) for one in ice.servers
        ]
        return cls(ice_servers=servers, expires_at=ice.expires_at)
