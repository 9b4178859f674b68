"""One attempt to hand one delivery over. Redirects are not followed, answers are not read."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import httpcore

from teleconsulta.kernel.errors import DomainError
from teleconsulta.webhooks.errors import ForbiddenAddress
from teleconsulta.webhooks.guard import Guard, Guarded

PATIENCE_SECONDS = 10.0

Failure = Literal[
    "timeout",  # no complete head of an answer within PATIENCE_SECONDS
    "redirected",  # a redirect, which is not followed
    "refused",  # an answer other than 2xx; the status says which
    "address_forbidden",  # the name leads into a network that is not public
    "host_unknown",  # the name leads nowhere
    "unreachable",  # nobody answers at that address, or hangs up
    "tls_failed",  # the certificate is not the name's, or not a good one
    "bad_answer",  # what came back is not HTTP
]


@dataclass(frozen=True, slots=True)
class Attempt:
    """How it went; `code` is None when it was taken."""

    status: int | None
    code: Failure | None
    milliseconds: int


async def post(
    guard: Guard, url: str, headers: Mapping[str, str], content: bytes, patience: float = PATIENCE_SECONDS
) -> Attempt:
    """Send `content`; only an answer of 2xx means that it was taken. `patience` is in seconds, for everything."""
    started = time.monotonic()
    status, code = await _post(guard, url, headers, content, patience)
    return Attempt(status, code, round((time.monotonic() - started) * 1000))


async def _post(
    guard: Guard, url: str, headers: Mapping[str, str], content: bytes, patience: float
) -> tuple[int | None, Failure | None]:
    network = Guarded(guard)
    try:
        async with (
            asyncio.timeout(patience),
            _pool(network) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=content) as answer,
        ):
            return answer.status, _verdict(answer.status)
    except (TimeoutError, httpcore.TimeoutException):
        return None, "timeout"
    except DomainError as error:
        return None, "address_forbidden" if isinstance(error, ForbiddenAddress) else "host_unknown"
    except httpcore.ConnectError as error:
        return None, "tls_failed" if _of_tls(error) else "unreachable"
    except httpcore.NetworkError:
        return None, "unreachable"
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
        return None, "bad_answer"
    finally:
        await network.close()


def _verdict(status: int) -> Failure | None:
    if 200 <= status < 300:
        return None
    return "redirected" if 300 <= status < 400 else "refused"


def _of_tls(error: BaseException) -> bool:
    """Whether a handshake is what failed; every layer has wrapped it once more."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _pool(network: Guarded) -> httpcore.AsyncConnectionPool:
    # Without proxies of the environment: they would look the name up themselves.
    return httpcore.AsyncConnectionPool(ssl_context=_tls(), network_backend=network, max_connections=1)


@cache
def _tls() -> ssl.SSLContext:
    return httpcore.default_ssl_context()
