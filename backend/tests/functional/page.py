"""A page that comes back by itself, as ours does, in few lines: hundreds of them fit into a test."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.functional.raw import QUERY

PATIENCE = 45.0


class Page:
    """One person's page. `state` is the last `room_state`, `refusals` are the codes of connects that were refused,
    `revoked` is why it was told to go, after which it does not come back."""

    def __init__(self, url: str, token: str, **auth: object) -> None:
        self.url, self.auth = url, {"token": token, "protocol": 1, "incarnation": f"page-{uuid4().hex}", **auth}
        self.heard: list[tuple[str, Any]] = []
        self.pushed: Counter[str] = Counter()  # chat messages that were told, by id
        self.messages: dict[str, str] = {}  # chat as the page shows it: id and text
        self.states: list[dict[str, Any]] = []
        self.refusals: list[str] = []
        self.revoked: str | None = None
        self.connects = 0
        self._socket: ClientConnection | None = None
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self._news = asyncio.Condition()
        self._wait = 0.0
        self._life = asyncio.create_task(self._live())

    @property
    def online(self) -> bool:
        return self._socket is not None

    async def until(self, true: Callable[[], object], seconds: float = PATIENCE) -> None:
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(true)

    async def at_once(self, event: str, **payload: object) -> dict[str, Any]:
        """Say something now. The answer.

        Raises:
            ConnectionError: there is no line, or it broke.
        """
        if self._socket is None:
            raise ConnectionError
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(f"42{self._number}" + orjson.dumps([event, payload], default=str).decode())
            async with asyncio.timeout(8):
                said: dict[str, Any] = await answer
                return said
        except (ConnectionClosed, TimeoutError) as error:
            raise ConnectionError from error

    async def say(self, text: str) -> None:
        """A chat message, told again under its id until the server has it."""
        message_id = str(uuid4())
        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(ConnectionError):
                    if (await self.at_once("chat_message", id=message_id, text=text))["ok"]:
                        self.messages[message_id] = text
                        return
                await asyncio.sleep(0.1)

    async def close(self) -> None:
        self._life.cancel()
        await asyncio.gather(self._life, return_exceptions=True)

    async def _live(self) -> None:
        while True:
            with contextlib.suppress(ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                where = self.url.replace("http://", "ws://") + QUERY
                async with connect(where, compression=None, open_timeout=10, close_timeout=0.2) as socket:
                    await socket.send("40" + orjson.dumps(self.auth, default=str).decode())
                    async for frame in socket:
                        await self._read(socket, str(frame))
            self._socket = None
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionError())
            self._answers.clear()
            if self.revoked is not None:
                return
            await asyncio.sleep((self._wait or 0.3) * (1 + random.random()))  # noqa: S311 - as the page does
            self._wait = 0.0

    async def _read(self, socket: ClientConnection, frame: str) -> None:
        if frame == "2":
            await socket.send("3")
        elif frame.startswith("44"):
            self.refusals.append(orjson.loads(frame[2:])["data"]["code"])
        elif frame.startswith("42"):
            event, payload = orjson.loads(frame[2:])
            await self._hear(socket, event, payload)
        elif frame.startswith("43"):
            number, _, rest = frame[2:].partition("[")
            answer = self._answers.pop(int(number), None)
            if answer is not None and not answer.done():
                answer.set_result(orjson.loads("[" + rest)[0])

    async def _hear(self, socket: ClientConnection, event: str, payload: Any) -> None:
        async with self._news:
            self.heard.append((event, payload))
            if event == "room_state":
                if self._socket is not socket:
                    self._socket = socket
                    self.connects += 1
                self.states.append(payload)
                self.messages |= {one["id"]: one["text"] for one in payload["messages"]}
            elif event == "chat_message":
                self.pushed[payload["id"]] += 1
                self.messages[payload["id"]] = payload["text"]
            elif event == "session_revoked":
                self.revoked = payload["code"]
            elif event == "server_draining":
                self._wait = payload["reconnect_after_ms"] / 1000
            self._news.notify_all()

    @property
    def state(self) -> dict[str, Any]:
        return self.states[-1]

    def events(self) -> Counter[str]:
        return Counter(event for event, _ in self.heard)

    @property
    def id(self) -> UUID:
        return UUID(self.state["self"]["id"])
