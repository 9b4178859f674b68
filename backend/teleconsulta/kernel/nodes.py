"""Server processes that know of each other, over Redis: who lives, messages in their order, one step at a time.

Only imported where `REDIS_URL` is set. Messages are told once and not kept: whoever lost the connection asks for the
whole when it is back (`on_connect`).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson
import redis.asyncio as client
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from teleconsulta.kernel.ending import end
from teleconsulta.kernel.errors import Unavailable

FORMAT = 1
"""Part of every key: releases that write rooms in another way do not read each other's."""
RETRY_SECONDS = 0.25
STALE_SECONDS = 10.0
"""What was to be passed on at once and waited longer than this helps nobody any more."""
MAX_WAITING = 5_000
CONNECTIONS = 32

Status = Literal["up", "leaving"]
Handler = Callable[[dict[str, Any]], None]
Command = Sequence[str | bytes | int]
Script = Callable[..., Awaitable[Any]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds. Whoever has not been heard of for `alive` is dead; whoever was asked to stop counts as there for
    `leaving`, for its people are on their way to another process."""

    tick: float = 0.5
    beat: float = 2.0
    alive: float = 6.0
    leaving: float = 10.0


def node_of(name: str | None) -> str | None:
    """The process in a name that `Nodes.name` made; None for any other."""
    node, dot, _ = (name or "").partition(".")
    return node if dot else None


class Nodes:
    """This process among the others. `id` is its own, random at every start."""

    def __init__(self, url: str, pace: Pace | None = None) -> None:
        self.id = secrets.token_hex(4)
        self.pace = pace or Pace()
        self.prefix = f"teleconsulta:{FORMAT}:{urlsplit(url).path.strip('/') or 0}"
        self.connected = asyncio.Event()
        self.since = 0.0
        """When the connection began that stands now, by the steady clock."""
        self.on_connect: list[Callable[[], Awaitable[None]]] = []
        self.on_tick: list[Callable[[], Awaitable[None]]] = []
        self._handlers: dict[str, Handler] = {}
        self._status: Status = "up"
        self._outbox: deque[tuple[float | None, Command]] = deque()
        self._posted, self._told_all = asyncio.Event(), asyncio.Event()
        self._told_all.set()
        self._tasks: list[asyncio.Task[None]] = []
        self._heard = 0.0
        pool = client.BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=2,
            socket_timeout=2,
            socket_connect_timeout=1,
            retry=Retry(NoBackoff(), 0),
        )
        # Typed as it is used here: the library's annotations promise either of two clients everywhere.
        self.redis: Any = client.Redis.from_pool(pool)

    # -- life --------------------------------------------------------------------------------------

    def start(self) -> None:
        work = (self._listen(), self._post(), self._tick())
        self._tasks = [asyncio.create_task(each) for each in work]

    async def leave(self) -> None:
        """Say that this process is about to stop: what others can take over, they take over."""
        self._status = "leaving"
        self.send("leaving")
        with contextlib.suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(0.5):
                await self._say_alive()

    async def stop(self) -> None:
        """Send what is left, for a moment, and let go."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._told_all.wait()
        await end(self._tasks)
        self._tasks = []
        self.connected.clear()
        with contextlib.suppress(RedisError, OSError):
            await self.redis.aclose()

    @property
    def leaving(self) -> bool:
        return self._status == "leaving"

    def name(self, name: str) -> str:
        """A name that shows whose it is."""
        return f"{self.id}.{name}"

    async def reachable(self, patience: float) -> None:
        """Until Redis answers, for `patience` seconds at most.

        Raises:
            Unavailable: it does not.
        """
        if not self.connected.is_set():
            try:
                async with asyncio.timeout(patience):
                    await self.connected.wait()
            except TimeoutError:
                raise Unavailable from None

    # -- asking Redis ------------------------------------------------------------------------------

    def key(self, *parts: object) -> str:
        return ":".join((self.prefix, *map(str, parts)))

    @property
    def everybody(self) -> str:
        """The channel that every process hears."""
        return self.key("all")

    def script(self, text: str) -> Script:
        """A script that Redis runs in one step.

        Called, it raises Unavailable when Redis does not answer: it may have been run or not.
        """
        registered = self.redis.register_script(text)

        async def run(keys: Sequence[str], args: Sequence[str | bytes | int]) -> Any:
            return await self.ask(registered(keys=keys, args=args))

        return run

    async def ask(self, asking: Awaitable[Any]) -> Any:
        """
        Raises:
            Unavailable: Redis does not answer, or may not write.
        """
        try:
            return await asking
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("redis_refused", error=type(error).__name__)
            raise Unavailable from error

    async def statuses(self, nodes: Iterable[str]) -> Mapping[str, Status | None]:
        """Which of these processes live."""
        wanted = sorted(set(nodes))
        if not wanted:
            return {}
        found = await self.ask(self.redis.mget([self.key("node", node) for node in wanted]))
        return {node: status.decode() if status else None for node, status in zip(wanted, found, strict=True)}

    # -- telling others ----------------------------------------------------------------------------

    def on(self, kind: str, handle: Handler) -> None:
        """What to do with messages of a kind; it waits for nothing, so they are taken in the order they were sent."""
        self._handlers[kind] = handle

    def send(self, kind: str, *, to: str | None = None, stale: bool = False, **message: Any) -> None:
        """Tell one process or all of them, soon and in order. `stale`: not worth telling after ten seconds."""
        channel = self.everybody if to is None else self.key("to", to)
        packed = orjson.dumps({"kind": kind, "node": self.id, **message}, default=str)
        self.order(("PUBLISH", channel, packed), stale=stale)

    def order(self, *commands: Command, stale: bool = False) -> None:
        """Commands for Redis to be carried out in order, soon, whose answers nobody needs."""
        until = time.monotonic() + STALE_SECONDS if stale else None
        self._outbox.extend((until, command) for command in commands)
        while len(self._outbox) > MAX_WAITING:
            self._outbox.popleft()
        self._posted.set()
        self._told_all.clear()

    async def _post(self) -> None:
        while True:
            await self._posted.wait()
            self._posted.clear()
            while self._outbox:
                await self.connected.wait()
                batch = [self._outbox.popleft() for _ in range(min(len(self._outbox), 64))]
                now = time.monotonic()
                pipeline = self.redis.pipeline(transaction=False)
                for until, command in batch:
                    if until is None or now < until:
                        pipeline.execute_command(*command)
                try:
                    await self.ask(pipeline.execute())
                except Unavailable:
                    self._outbox.extendleft(reversed(batch))
                    await asyncio.sleep(RETRY_SECONDS)
            self._told_all.set()

    # -- hearing them ------------------------------------------------------------------------------

    async def _listen(self) -> None:
        while True:
            pubsub = self.redis.pubsub()
            try:
                await self._subscribe(pubsub)
                await self._say_alive()
                for call in self.on_connect:
                    await call()
                self.since = self._heard = time.monotonic()
                self.connected.set()
                log.info("redis_connected")
                await self._hear(pubsub)
            except (RedisError, OSError, TimeoutError, Unavailable) as error:
                if self.connected.is_set():
                    log.warning("redis_lost", error=type(error).__name__)
            except Exception as error:  # what is in it is not ours, or a fault of ours: this process stays unready
                log.error("redis_unusable", error=type(error).__name__)
            finally:
                self.connected.clear()
                with contextlib.suppress(RedisError, OSError, TimeoutError):
                    await pubsub.aclose()
            await asyncio.sleep(RETRY_SECONDS)

    async def _subscribe(self, pubsub: Any) -> None:
        """What is told after this, we hear."""
        channels = (self.everybody, self.key("to", self.id))
        await pubsub.subscribe(*channels)
        async with asyncio.timeout(2):
            confirmed = 0
            while confirmed < len(channels):
                message = await pubsub.get_message(timeout=1)
                confirmed += message is not None and message["type"] == "subscribe"

    async def _hear(self, pubsub: Any) -> None:
        while True:
            message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=1)
            now = time.monotonic()
            if message is not None:
                self._heard = now
                self._handle(message["data"])
            elif now - self._heard > self.pace.alive:  # not even what we told ourselves
                raise TimeoutError

    def _handle(self, packed: bytes) -> None:
        try:
            message = orjson.loads(packed)
            handler = self._handlers.get(message["kind"])
            if handler is not None:
                handler(message)
        except Exception as error:  # one that cannot be understood must not keep the next from us
            log.error("node_message_failed", error=type(error).__name__)

    # -- the pulse ---------------------------------------------------------------------------------

    async def _say_alive(self) -> None:
        seconds = self.pace.leaving if self.leaving else self.pace.alive
        await self.ask(self.redis.set(self.key("node", self.id), self._status, px=int(seconds * 1000)))

    async def _tick(self) -> None:
        beat_at = 0.0
        while True:
            await asyncio.sleep(self.pace.tick)
            if not self.connected.is_set():
                continue
            try:
                if time.monotonic() >= beat_at:
                    beat_at = time.monotonic() + self.pace.beat
                    await self._say_alive()
                    self.send("beat", stale=True)
                for call in self.on_tick:
                    await call()
            except Unavailable:
                pass  # and tried again
            except Exception as error:
                log.error("node_tick_failed", error=type(error).__name__)
