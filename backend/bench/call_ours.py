"""P6: one complete synthetic consultation after the other against our server, with the price of each part."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.clinic import Clinic
from bench.processes import Server, tree_cpu_seconds
from bench.sdp import candidates, description
from bench.wire import Socket, Traffic

CHATS, TOGGLES, BATCHES, BATCH = 10, 6, 2, 3
PAPERWORK_SECONDS = 0.4
"""Left after the end, for what the server puts on record behind its answers."""


class Refusal(Exception):
    """The server said no to something that a correct client does."""


@dataclass(slots=True)
class Bill:
    """Milliseconds of server processor time, one number per call."""

    total: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=dict)
    database: list[float] = field(default_factory=list)
    traffic: list[Traffic] = field(default_factory=list)


class Meter:
    """Reads the server's processor time at the end of each part."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.parts: dict[str, float] = {}

    @asynccontextmanager
    async def part(self, name: str) -> AsyncIterator[None]:
        before = self._server.cpu()
        yield
        self.parts[name] = self.parts.get(name, 0.0) + (self._server.cpu() - before) * 1000


async def ask(socket: Socket, event: str, payload: Mapping[str, object]) -> None:
    answer = await socket.call(event, payload)
    if not answer["ok"]:
        raise Refusal(f"{event}: {answer.get('code')}")


async def signal(sender: Socket, receiver: Socket, message: dict[str, object]) -> None:
    await ask(sender, "signal", message)
    await receiver.hear("signal")


async def one_call(clinic: Clinic, meter: Meter) -> list[Socket]:
    """The journey from the link to the end; the sockets, closed, with their traffic."""
    visit = await clinic.new_visit()
    await clinic.staff_token()
    async with meter.part("redeem"):
        seat = await clinic.redeem(visit)
    async with meter.part("consent"):
        await clinic.consent(seat)
    async with meter.part("connect, join"):
        doctor, _ = await clinic.enter_as_doctor(visit.room_id)
        patient, state = await clinic.enter(visit.room_id, seat.token)
        await doctor.hear("participant_joined")
        me = state["self"]["id"]
        they = next(person["id"] for person in state["participants"] if person["id"] != me)
    async with meter.part("admit"):
        await ask(doctor, "admit", {"participant_id": me})
        await patient.hear("room_state")
        await patient.hear("call_started")
    async with meter.part("signals"):
        session = uuid.uuid4().hex
        to_patient, to_doctor = {"to": me, "session": session}, {"to": they, "session": session}
        await signal(doctor, patient, {**to_patient, "description": description("offer")})
        await signal(patient, doctor, {**to_doctor, "description": description("answer")})
        for _ in range(BATCHES):
            await signal(doctor, patient, {**to_patient, "candidates": candidates(BATCH)})
            await signal(patient, doctor, {**to_doctor, "candidates": candidates(BATCH)})
    async with meter.part("10 chats"):
        for number in range(CHATS):
            sender, receiver = (doctor, patient) if number % 2 else (patient, doctor)
            chat = {"id": str(uuid.uuid4()), "text": f"Mensagem número {number} da consulta"}
            await ask(sender, "chat_message", chat)
            await receiver.hear("chat_message")
    async with meter.part("6 toggles"):
        for number in range(TOGGLES):
            media = {"audio": bool(number % 2), "video": True, "screen": False, "recording": False}
            await ask(patient, "media_state", media)
            await doctor.hear("media_state")
    async with meter.part("end"):
        await ask(doctor, "call_end", {"outcome": "completed"})
        await patient.hear("call_ended")
        await doctor.close()
        await patient.close()
    async with meter.part("record, behind the answers"):
        await asyncio.sleep(PAPERWORK_SECONDS)
    return [doctor, patient]


async def measure(server: Server, postgres_pid: int, password: str, calls: int) -> Bill:
    """`calls` consultations one after the other, after a few that warm everything up."""
    bill = Bill()
    async with Clinic(server.origin, password) as clinic:
        for _ in range(3):
            await one_call(clinic, Meter(server))
        database = tree_cpu_seconds(postgres_pid)
        for _ in range(calls):
            meter = Meter(server)
            sockets = await one_call(clinic, meter)
            bill.total.append(sum(meter.parts.values()))
            for name, cost in meter.parts.items():
                bill.parts.setdefault(name, []).append(cost)
            bill.traffic.append(together(sockets))
        bill.database.append((tree_cpu_seconds(postgres_pid) - database) * 1000 / calls)
    return bill


def together(sockets: list[Socket]) -> Traffic:
    return Traffic(
        sum(socket.traffic.sent for socket in sockets),
        sum(socket.traffic.received for socket in sockets),
        sum(socket.traffic.bytes_sent for socket in sockets),
        sum(socket.traffic.bytes_received for socket in sockets),
    )
