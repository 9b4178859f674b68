"""Relays and STUN servers, asked what a browser asks of them, and what somebody hostile would."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address

from teleconsulta.checkup.installation import Installation
from teleconsulta.checkup.report import Report
from teleconsulta.turn.client import UNAUTHORIZED, Conversation, Refused
from teleconsulta.turn.credentials import credential, username
from teleconsulta.turn.quota import quota
from teleconsulta.turn.urls import IceUrl, Way
from teleconsulta.turn.wire import Address

IDS = ("turn-credential", "turn-udp", "turn-tcp", "turn-tls", "turn-private", "turn-quota")
STUN_IDS = ("stun",)
WAYS: dict[Way, str] = {"udp": "turn-udp", "tcp": "turn-tcp", "tls": "turn-tls"}
PATIENCE_SECONDS = 3.0
QUOTA_REACHED = 486
PASSING = ("refused", "unreachable", "lost")
PRIVATE = (
    *("10.1.2.3", "100.64.0.1", "127.0.0.1", "127.0.0.53", "169.254.169.254", "172.16.0.1", "192.168.1.1", "224.0.0.1"),
)
PRIVATE_6 = (
    *("::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::1"),
    *("fd00::1", "fe80::1"),
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one address of the relay is like: `fault` is empty when a round trip through it came back."""

    url: IceUrl
    fault: str = ""
    own: str = ""


async def look(about: Installation, report: Report) -> None:
    for first in ("turn-urls", "turn-secret"):
        if report.failed(first) and about.settings.turn_urls:
            report.after(first, *IDS)
            return
    if not about.settings.turn_urls:
        report.unset(*IDS)
        return
    urls = [IceUrl.parse(url) for url in about.settings.turn_urls]
    found = await asyncio.gather(*(_twice(about, url) for url in urls))
    refused = next((one for one in found if one.fault == "credential"), None)
    if refused is not None:
        report.wrong("turn-credential", "refused", host=refused.url.host)
    _ways(report, found)
    good = next((one for one in found if not one.fault), None)
    if good is None:
        first = next((line for line in IDS if report.failed(line)), "turn-urls")
        report.after(first, "turn-credential", "turn-private", "turn-quota")
        return
    await asyncio.gather(
        _strangers(about, report, good.url),
        _private(about, report, good),
        _quota(about, report, good.url, ways=sum(url.host == good.url.host for url in urls)),
    )


def _ways(report: Report, found: list[_Found]) -> None:
    for way, line in WAYS.items():
        of_this = [one for one in found if one.url.way == way]
        if not of_this:
            report.unset(line)
        for one in of_this:
            if one.fault == "credential":
                report.after("turn-credential", line)
            elif one.fault:
                report.wrong(line, one.fault, host=one.url.host, port=one.url.port, address=one.own)
            else:
                report.ok(line, count=len(of_this))


def _login(about: Installation, name: str, secret: str | None = None, minutes: int = 2) -> tuple[str, str]:
    user = username(f"checkup-{name}-{secrets.token_hex(4)}", about.clock() + timedelta(minutes=minutes))
    return user, credential((secret or about.settings.turn_secret or "").encode(), user)


async def _open(about: Installation, url: IceUrl, login: tuple[str, str]) -> Conversation:
    return await Conversation.open(url, *login, tls=about.tls, patience=PATIENCE_SECONDS)


async def _twice(about: Installation, url: IceUrl) -> _Found:
    """A port of this machine that the relay remembers from somebody else (437, 441), a lost datagram or a busy moment
    is no fault: whatever does not come back is asked for once more."""
    found = await _try(about, url)
    return await _try(about, url) if found.fault in PASSING else found


async def _try(about: Installation, url: IceUrl) -> _Found:
    """Two people on this address of the relay: what one sends has to reach the other."""
    own = ""
    try:
        async with AsyncExitStack() as stack:
            one, other = [
                await stack.enter_async_context(await _open(about, url, _login(about, name))) for name in ("a", "b")
            ]
            here, there = await one.allocate(), await other.allocate()
            own = here[0]
            if await _unreachable(url, own):
                return _Found(url, "external", own)
            await one.permit(*there)
            await other.permit(*here)
            return _Found(url, "" if await _arrives(one, other, there) else "lost", own)
    except Refused as no:
        codes = {UNAUTHORIZED: "credential", QUOTA_REACHED: "full", 403: "itself"}
        return _Found(url, codes.get(no.code, "refused"), own)
    except ssl.SSLError:
        return _Found(url, "certificate")
    except (OSError, TimeoutError):
        return _Found(url, "unreachable")


async def _unreachable(url: IceUrl, own: str) -> bool:
    """Whether a relay that stands on the open network hands out an address that only its own network knows."""
    resolved = await asyncio.get_running_loop().getaddrinfo(url.host, url.port)
    return ip_address(str(resolved[0][4][0])).is_global and not ip_address(own).is_global


async def _arrives(one: Conversation, other: Conversation, there: Address) -> bool:
    words = secrets.token_bytes(32)
    for _ in range(3):  # a datagram may be lost
        one.send(there, words)
        try:
            async with asyncio.timeout(1):
                return (await other.receive())[1] == words
        except TimeoutError:
            continue
    return False


async def _answer(about: Installation, url: IceUrl, login: tuple[str, str]) -> int:
    """0 when an allocation is granted, else the number of the refusal."""
    async with await _open(about, url, login) as relay:
        try:
            await relay.allocate()
        except Refused as no:
            return no.code
    return 0


async def _strangers(about: Installation, report: Report, url: IceUrl) -> None:
    """A secret that is not ours, and a credential that has run out: 401 both."""
    try:
        foreign = await _answer(about, url, _login(about, "foreign", secret=secrets.token_hex(24)))
        expired = await _answer(about, url, _login(about, "expired", minutes=-5))
    except (OSError, TimeoutError):
        report.wrong("turn-credential", "unsteady", host=url.host)
        return
    if foreign == 0:
        report.wrong("turn-credential", "anybody", host=url.host)
    elif expired == 0:
        report.wrong("turn-credential", "expired", host=url.host)
    else:
        report.ok("turn-credential")


async def _private(about: Installation, report: Report, good: _Found) -> None:
    reached: list[str] = []
    try:
        for version, peers in ((4, PRIVATE), (6, PRIVATE_6)):
            async with await _open(about, good.url, _login(about, "private")) as relay:
                try:
                    own, _ = await relay.allocate(version)
                except Refused:
                    continue  # a relay without IPv6 reaches nobody by it
                reached += [peer for peer in peers if peer != own and await _permits(relay, peer)]
    except (OSError, TimeoutError):
        report.wrong("turn-private", "unsteady", host=good.url.host)
        return
    if reached:
        report.wrong("turn-private", "reached", host=good.url.host, peers=", ".join(reached))
    else:
        report.ok("turn-private", count=len(PRIVATE) + len(PRIVATE_6))


async def _permits(relay: Conversation, peer: str) -> bool:
    try:
        await relay.permit(peer)
    except Refused:
        return False
    return True


async def _quota(about: Installation, report: Report, url: IceUrl, ways: int) -> None:
    """One person asks for as much as the formula gives, and for one more. All of it is given back at once."""
    much = quota(ways=ways)
    login = _login(about, "quota")
    async with AsyncExitStack() as stack:

        async def take() -> int:
            relay = await stack.enter_async_context(await _open(about, url, login))
            try:
                await relay.allocate()
            except Refused as no:
                return no.code
            return 0

        answers = await asyncio.gather(*(take() for _ in range(much.user + 1)), return_exceptions=True)
    granted = sum(answer == 0 for answer in answers)
    if any(isinstance(answer, BaseException) for answer in answers):
        report.warn("turn-quota", "unsteady", host=url.host)
    elif granted > much.user:
        report.wrong("turn-quota", "none", host=url.host, formula=much.user)
    elif granted < much.once:
        report.wrong("turn-quota", "small", host=url.host, granted=granted, needed=much.once)
    elif granted < much.user:
        report.warn("turn-quota", "less", host=url.host, granted=granted, formula=much.user)
    else:
        report.ok("turn-quota", formula=much.user)


async def stun(about: Installation, report: Report) -> None:
    if not about.settings.stun_urls:
        report.unset("stun")
        return
    try:
        urls = [IceUrl.parse(url) for url in about.settings.stun_urls]
    except ValueError:
        report.wrong("stun", "unreadable")
        return
    for url in urls:
        try:
            async with await Conversation.open(url, tls=about.tls, patience=PATIENCE_SECONDS) as server:
                await server.binding()
        except (Refused, OSError, TimeoutError, ValueError):
            report.wrong("stun", "silent", host=url.host, port=url.port)
    report.ok("stun", count=len(urls))
