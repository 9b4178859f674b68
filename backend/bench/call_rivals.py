"""The same consultation, as far as they know it, against the two baselines: no sign-in, no presence, no record."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable

import orjson
from websockets.asyncio.client import ClientConnection, connect

from bench.call_ours import BATCH, BATCHES, CHATS, TOGGLES
from bench.processes import Server
from bench.sdp import candidates, description
from bench.wire import OPEN_SECONDS, open_socket

Play = Callable[[Server], Awaitable[None]]


async def seed_call(server: Server) -> None:
    """Candidates one by one, chats and states through the server, as the sketch does it."""
    room = uuid.uuid4().hex
    async with await open_socket(server.origin) as doctor, await open_socket(server.origin) as patient:
        for socket, role in ((doctor, "doctor"), (patient, "patient")):
            await socket.emit("join-room", {"roomId": room, "role": role})
            await socket.hear("room-joined")
        await doctor.hear("user-joined")
        for sender, receiver, kind in ((doctor, patient, "offer"), (patient, doctor, "answer")):
            await sender.emit("signal", {"data": description(kind)})
            await receiver.hear("signal")
        for candidate in candidates(BATCHES * BATCH):
            for sender, receiver in ((doctor, patient), (patient, doctor)):
                await sender.emit("signal", {"data": {"type": "candidate", "candidate": candidate}})
                await receiver.hear("signal")
        for number in range(CHATS):
            sender, receiver = (doctor, patient) if number % 2 else (patient, doctor)
            await sender.emit("chat-message", {"text": f"Mensagem número {number} da consulta"})
            await receiver.hear("chat-message")
        for number in range(TOGGLES):
            await patient.emit("toggle-media", {"audio": bool(number % 2), "video": True})
            await doctor.hear("toggle-media")
        await patient.close()
        await doctor.hear("user-left")


async def _peer(server: Server, name: str) -> ClientConnection:
    address = f"ws://127.0.0.1:{server.port}/peerjs/peerjs?key=peerjs&id={name}&token={uuid.uuid4().hex}&version=1.5.5"
    return await connect(address, compression=None, ping_interval=None, open_timeout=OPEN_SECONDS)


async def _next(socket: ClientConnection, kind: str) -> None:
    while True:
        if orjson.loads(await asyncio.wait_for(socket.recv(), OPEN_SECONDS))["type"] == kind:
            return


async def peerjs_call(server: Server) -> None:
    """A media and a data connection; chats and states go by the second, so the server never sees them."""
    room = uuid.uuid4().hex
    names = f"{room}-doctor", f"{room}-patient"
    doctor, patient = await _peer(server, names[0]), await _peer(server, names[1])
    await _next(doctor, "OPEN")
    await _next(patient, "OPEN")

    async def send(sender: ClientConnection, receiver: ClientConnection, kind: str, payload: dict[str, object]) -> None:
        target = names[0] if receiver is doctor else names[1]
        await sender.send(orjson.dumps({"type": kind, "payload": payload, "dst": target}).decode())
        await _next(receiver, kind)

    for purpose in ("media", "data"):
        named: dict[str, object] = {"type": purpose, "connectionId": f"{purpose[0]}c_{uuid.uuid4().hex[:10]}"}
        await send(patient, doctor, "OFFER", {**named, "sdp": description("offer"), "browser": "chrome"})
        await send(doctor, patient, "ANSWER", {**named, "sdp": description("answer"), "browser": "chrome"})
        for candidate in candidates(BATCH):
            await send(patient, doctor, "CANDIDATE", {**named, "candidate": candidate})
            await send(doctor, patient, "CANDIDATE", {**named, "candidate": candidate})
    await patient.close()
    await doctor.close()


async def measure(server: Server, play: Play, calls: int) -> list[float]:
    """Milliseconds of server processor time for each of `calls` calls, one after the other."""
    for _ in range(10):
        await play(server)
    costs = []
    for _ in range(calls):
        before = server.cpu()
        await play(server)
        costs.append((server.cpu() - before) * 1000)
    return costs


async def hold(server: Server, kind: str, count: int) -> float:
    """MB of resident memory that `count` connected sockets add."""
    before = server.memory()
    if kind == "seed":
        seeds = [await open_socket(server.origin) for _ in range(count)]
        for number, socket in enumerate(seeds):
            await socket.emit("join-room", {"roomId": f"m{number // 2}", "role": "doctor"})
            await socket.hear("room-joined")
        grown = server.memory() - before
        for socket in seeds:
            await socket.close()
        return grown
    peers = [await _peer(server, f"m{number}") for number in range(count)]
    for peer in peers:
        await _next(peer, "OPEN")
    grown = server.memory() - before
    for peer in peers:
        await peer.close()
    return grown
