"""Eleven hundred people who never finish their request, and whether others are served meanwhile (R-20, slow loris).

    slow.py ADDRESS NAME        the edge's address, and the name that its certificate is for

Prints one JSON object: how many of ten requests were answered while the slow ones held on, and how many of the slow
ones the edge still bore after ten seconds. Standard library only; bounded, and for a laboratory's own edge.
"""

from __future__ import annotations

import asyncio
import json
import resource
import ssl
import sys

SLOW = 1100
AT_ONCE = 50
HEALTHY = 10
PATIENCE_SECONDS = 10.0


async def main(address: str, name: str) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    gate = asyncio.Semaphore(AT_ONCE)

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(address, 443, ssl=trusting, server_hostname=name)

    async def begin() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with gate:
            reader, writer = await connect()
        writer.write(f"GET / HTTP/1.1\r\nHost: {name}\r\nX-Slow: ".encode())
        return reader, writer

    async def healthy() -> bool:
        try:
            async with asyncio.timeout(5):
                reader, writer = await connect()
                writer.write(f"GET /healthz HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
                answered = (await reader.readline()).startswith(b"HTTP/1.1 200")
                writer.close()
        except (OSError, TimeoutError):
            return False
        return answered

    async def outlasts(reader: asyncio.StreamReader) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await reader.read()
        except TimeoutError:
            return True
        except OSError:
            return False
        return False

    slow = await asyncio.gather(*(begin() for _ in range(SLOW)))
    served = [await healthy() for _ in range(HEALTHY)]
    borne = await asyncio.gather(*(outlasts(reader) for reader, _ in slow))
    for _, writer in slow:
        writer.transport.abort()
    print(json.dumps({"slow": SLOW, "served": sum(served), "of": HEALTHY, "borne": sum(borne)}))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
