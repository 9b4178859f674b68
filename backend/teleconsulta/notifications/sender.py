"""One message to one browser, by way of its push service (RFC 8030)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from teleconsulta.notifications.encryption import SALT_BYTES, encrypted
from teleconsulta.notifications.endpoints import BadEndpoint, resolved
from teleconsulta.notifications.vapid import Vapid

SECONDS = 10.0

Result = Literal["sent", "gone", "later", "refused"]
"""`gone`: this browser is never reached again. `refused`: not this message, and not in this way."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a subscription leads: `key` is the browser's public point, `auth` its secret."""

    endpoint: str
    key: bytes
    auth: bytes


@dataclass(frozen=True, slots=True)
class Message:
    body: bytes
    topic: str
    urgency: str
    lasts: timedelta


async def send(browser: Browser, message: Message, vapid: Vapid, now: datetime, *, loopback: bool = False) -> Result:
    """Hand a message to the push service. Follows no redirection, and connects to the address that was checked."""
    try:
        host = await resolved(browser.endpoint, loopback=loopback)
    except BadEndpoint:
        return "gone"
    except OSError:
        return "later"
    own = ec.generate_private_key(ec.SECP256R1())
    body = encrypted(message.body, browser.key, browser.auth, own=own, salt=os.urandom(SALT_BYTES))
    address = urlsplit(browser.endpoint)
    headers = {
        "Host": address.netloc,
        "Authorization": vapid.authorization(browser.endpoint, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, int(message.lasts.total_seconds()))),
        "Urgency": message.urgency,
        "Topic": message.topic,
    }
    url = httpx.URL(browser.endpoint).copy_with(host=host)
    # The certificate is still that of the name.
    named = {"sni_hostname": address.hostname} if address.scheme == "https" else {}
    try:
        async with (
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, headers=headers, content=body, extensions=named) as answer,
        ):
            return outcome(answer.status_code)
    except httpx.HTTPError:
        return "later"


def outcome(status: int) -> Result:
    """What an HTTP status of a push service means for us."""
    if 200 <= status < 300:
        return "sent"
    if status in {404, 410}:
        return "gone"
    return "later" if status == 429 or status >= 500 else "refused"
