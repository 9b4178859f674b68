"""Clients of the app that come from somewhere else, or say that they do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from tests.support import PUBLIC_URL


@asynccontextmanager
async def client_from(app: FastAPI, peer: str, **headers: str) -> AsyncIterator[AsyncClient]:
    """A client whose connection comes from the address `peer`."""
    transport = ASGITransport(app, raise_app_exceptions=False, client=(peer, 40000))
    async with AsyncClient(
        transport=transport, base_url=PUBLIC_URL, headers={"X-Teleconsulta": "1", **headers}
    ) as made:
        yield made
