"""A real coturn believes our credentials, and only those."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from teleconsulta.kernel.clock import now
from teleconsulta.kernel.ids import new_id
from teleconsulta.kernel.settings import Settings
from teleconsulta.turn.coturn import Coturn
from teleconsulta.turn.credentials import credential, ice_list, username
from teleconsulta.turn.service import ice_servers
from tests.deployment.coturn import Relay, relaying
from tests.deployment.coturn import answer as allocate
from tests.support import TURN_SECRET

OLD_SECRET = "Mn6Bv5Cx4Zq3Wa2Sd1Ef0Gh9"

pytestmark = pytest.mark.slow


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[int]:
    """coturn on a free port, with the present secret and the one before it."""
    wish = Coturn(secrets=(TURN_SECRET, OLD_SECRET), realm="teleconsulta", listen=("127.0.0.1",))
    async with relaying(Relay(tmp_path, wish)) as running:
        yield running.port


async def test_our_credential_opens_the_relay(relay: int, settings: Settings) -> None:
    made = ice_servers(settings, new_id(), now())
    (server,) = made.servers
    assert server.username is not None
    assert server.credential is not None
    assert await allocate(relay, server.username, server.credential) == 0


async def test_the_previous_secret_goes_on_working_while_it_is_replaced(relay: int) -> None:
    made = ice_list([], ["turn:x"], OLD_SECRET, "bia", now(), timedelta(minutes=10))
    server = made.servers[0]
    assert await allocate(relay, server.username or "", server.credential or "") == 0


async def test_a_wrong_or_foreign_credential_does_not(relay: int) -> None:
    name = username("bia", now() + timedelta(minutes=10))
    assert await allocate(relay, name, credential(b"another secret altogether", name)) == 401
    other = username("caetano", now() + timedelta(minutes=10))
    assert await allocate(relay, other, credential(TURN_SECRET.encode(), name)) == 401


async def test_an_expired_credential_does_not(relay: int) -> None:
    name = username("bia", datetime.fromtimestamp(int(now().timestamp()) - 5, UTC))
    assert await allocate(relay, name, credential(TURN_SECRET.encode(), name)) == 401
