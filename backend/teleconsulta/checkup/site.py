"""What people get at PUBLIC_URL: a page with a good certificate, the right time, sockets, a proxy that is believed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address

import httpx
import websockets
from websockets.asyncio.client import connect

from teleconsulta import __version__
from teleconsulta.checkup.installation import Installation
from teleconsulta.checkup.report import Report
from teleconsulta.checkup.seen import Seen
from teleconsulta.kernel.addresses import Network, networks
from teleconsulta.kernel.files import MANY_FILES, file_limit
from teleconsulta.kernel.tokens import Tokens

IDS = ("https", "clock", "running", "websocket", "proxies", "files")
SEEN = "/api/checkup/seen"
PATIENCE_SECONDS = 6.0
DAYS_LEFT = 14
FEW_FILES = 4096
SKEW_SECONDS = 20  # tokens forgive 30 s between two clocks
SLIGHT_SKEW_SECONDS = 5


async def look(about: Installation, report: Report) -> None:
    trusted = _trusted(about, report)
    if report.failed("public-url"):
        report.after("public-url", "https", "clock", "running", "websocket", "proxies")
        _files(report, file_limit())
        return
    origin = about.settings.origin
    async with httpx.AsyncClient(
        base_url=origin, verify=about.tls, timeout=PATIENCE_SECONDS, trust_env=False, follow_redirects=False
    ) as client:
        await _https(about, report, client)
        if report.failed("https"):
            report.after("https", "clock", "running", "websocket", "proxies")
            _files(report, file_limit())
            return
        seen, _ = await asyncio.gather(_running(about, report, client), _websocket(about, report))
    _files(report, seen.open_files if seen else file_limit())
    if seen is None:
        report.after("secret-key" if report.failed("secret-key") else "running", "proxies")
    elif trusted is not None:
        _proxies(about, report, seen, trusted)


async def _https(about: Installation, report: Report, client: httpx.AsyncClient) -> None:
    asked_at = about.clock()
    try:
        answer = await client.get("/healthz")
    except httpx.HTTPError as error:
        found = _certificate_fault(error)
        if found is not None:
            report.wrong("https", "certificate", why=found)
        else:
            report.wrong("https", "unreachable", origin=about.settings.origin)
        return
    if answer.status_code in {502, 503, 504}:
        report.wrong("https", "gateway", status=answer.status_code)
    elif answer.is_redirect:
        report.wrong("https", "elsewhere")
    elif answer.status_code != 200 or answer.text != '{"status":"ok"}':
        report.wrong("https", "other", status=answer.status_code)
    else:
        days = _days_left(answer, about.clock())
        if days is None:
            report.ok("https", "plain")
        elif days < DAYS_LEFT:
            report.warn("https", "ends_soon", days=days)
        else:
            report.ok("https", days=days)
        _clock(report, answer.headers.get("date", ""), asked_at + (about.clock() - asked_at) / 2)


def _certificate_fault(error: BaseException | None) -> str | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        if isinstance(error, ssl.SSLError):
            return error.reason or "TLS"
        error = error.__cause__ or error.__context__
    return None


def _days_left(answer: httpx.Response, moment: datetime) -> int | None:
    """How many whole days the certificate is still good for; None without TLS."""
    stream = answer.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    certificate = tls.getpeercert() if tls is not None else None
    if not certificate:
        return None
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return (ends - moment).days


def _clock(report: Report, said: str, moment: datetime) -> None:
    try:
        theirs = parsedate_to_datetime(said)
    except ValueError:
        report.unset("clock")
        return
    skew = abs((theirs - moment).total_seconds())
    if skew > SKEW_SECONDS:
        report.wrong("clock", "skewed", seconds=round(skew))
    elif skew > SLIGHT_SKEW_SECONDS:
        report.warn("clock", "skewed", seconds=round(skew))
    else:
        report.ok("clock")


async def _running(about: Installation, report: Report, client: httpx.AsyncClient) -> Seen | None:
    """What the running server says of itself to somebody who has its key."""
    if report.failed("secret-key"):
        report.after("secret-key", "running")
        return None
    if report.failed("clock"):
        report.after("clock", "running")
        return None
    token = Tokens(about.settings.secret_key, clock=about.clock).issue(
        "checkup", "checkup", about.clock() + timedelta(minutes=1)
    )
    try:
        answer = await client.get(SEEN, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code == 401:
            report.wrong("running", "other_key")
            return None
        seen = Seen.model_validate(answer.raise_for_status().json())
    except (httpx.HTTPError, ValueError):
        report.wrong("running", "other_program")
        return None
    if seen.version != __version__:
        report.warn("running", "other_version", theirs=seen.version, ours=__version__)
    else:
        report.ok("running", version=seen.version)
    return seen


async def _websocket(about: Installation, report: Report) -> None:
    """The beginning of a conversation over Socket.IO: opened, connected without a token, and politely refused."""
    url = about.settings.origin.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            connect(
                url,
                origin=websockets.Origin(about.settings.origin),
                ssl=about.tls if about.settings.secure else None,
                proxy=None,
                close_timeout=1,
            ) as socket,
        ):
            opened = await socket.recv()
            await socket.send("40")
            answered = await socket.recv()
    except websockets.InvalidStatus as error:
        report.wrong("websocket", "refused", status=error.response.status_code)
    except (websockets.WebSocketException, OSError, TimeoutError):
        report.wrong("websocket", "silent")
    else:
        if str(opened).startswith("0{") and str(answered).startswith(("40", "44")):
            report.ok("websocket")
        else:
            report.wrong("websocket", "silent")


def _trusted(about: Installation, report: Report) -> Sequence[Network] | None:
    try:
        found = networks(about.settings.trusted_proxies)
    except ValueError:
        report.wrong("proxies", "unreadable")
        return None
    if any(network.prefixlen == 0 for network in found):
        report.wrong("proxies", "everybody")
        return None
    return found


def _proxies(about: Installation, report: Report, seen: Seen, trusted: Sequence[Network]) -> None:
    try:
        peer = ip_address(seen.peer)
    except ValueError:
        report.unset("proxies")
        return
    if not about.settings.secure:
        report.unset("proxies")  # nobody has to stand in front of a demonstration
    elif not seen.forwarded:
        report.wrong("proxies", "absent", peer=peer)
    elif not any(peer in network for network in trusted):
        report.wrong("proxies", "ignored", peer=peer)
    else:
        report.ok("proxies", peer=peer)


def _files(report: Report, limit: int) -> None:
    if limit < FEW_FILES:
        report.wrong("files", "few", limit=limit, wanted=MANY_FILES)
    elif limit < MANY_FILES:
        report.warn("files", "few", limit=limit, wanted=MANY_FILES)
    else:
        report.ok("files", limit=limit)
