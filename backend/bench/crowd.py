"""P8 and P10: many rooms at once, what they weigh, and how fast and surely a message crosses the server meanwhile."""

from __future__ import annotations

import asyncio
import gc
import itertools
import math
import resource
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.call_ours import ask
from bench.clinic import ADMIN, Clinic
from bench.processes import Server
from bench.wire import Json, Socket, steady

SESSION = "crowd"
PAYLOAD = "a=" + secrets.token_hex(700)
ENTERING = 8
ROOMS_PER_DOCTOR = 50
"""One person joins 60 times at once and then once a second: the server's limit, and more than any doctor does."""
PER_SOCKET = 10.0
"""Signals one socket sends in a second at most; the server's guard slows down whoever sends more than 20."""
SETTLE_SECONDS = 2.0


@dataclass(slots=True, eq=False)
class Pair:
    """A room with both people in it, admitted."""

    doctor: Socket
    patient: Socket
    doctor_id: str
    patient_id: str


@dataclass(slots=True)
class Relay:
    """One run of relaying. Latencies in ms, from before the sender's write to after the receiver's read."""

    rooms: int
    rate: float
    sent: int = 0
    delivered: int = 0
    lag_ms: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    cpu_per_message: float = 0.0


@dataclass(slots=True)
class Crowd:
    """What `measure` found. Memory in MB."""

    idle: float
    rooms: int
    sockets: int
    grown: float
    relays: list[Relay]


def allow_many_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def open_pair(clinic: Clinic) -> Pair:
    visit = await clinic.new_visit()
    seat = await clinic.redeem(visit)
    await clinic.consent(seat)
    doctor, _ = await clinic.enter_as_doctor(visit.room_id)
    patient, state = await clinic.enter(visit.room_id, seat.token)
    patient_id = state["self"]["id"]
    await doctor.hear("participant_joined")
    await ask(doctor, "admit", {"participant_id": patient_id})
    admitted: Json = await patient.hear("room_state")
    doctor_id = next(person["id"] for person in admitted["participants"] if person["id"] != patient_id)
    return Pair(doctor, patient, doctor_id, patient_id)


async def open_pairs(doctors: Iterator[Clinic], count: int) -> list[Pair]:
    """`count` rooms, a few at a time, as a busy morning would."""
    turns = asyncio.Semaphore(ENTERING)

    async def one(clinic: Clinic) -> Pair:
        async with turns:
            return await open_pair(clinic)

    return await asyncio.gather(*(one(next(doctors)) for _ in range(count)))


async def staff(server: Server, password: str, count: int) -> list[Clinic]:
    """The demo's doctor and as many more as make `count`."""
    doctors = [Clinic(server.origin, password)]
    async with Clinic(server.origin, password, ADMIN) as admin:
        for number in range(1, count):
            email = f"medida{number}@demo.local"
            await admin.hire(email)
            doctors.append(Clinic(server.origin, password, email))
    for doctor in doctors:
        await doctor.staff_token()
    return doctors


async def relay(server: Server, pairs: list[Pair], rate: float, seconds: float) -> Relay:
    """Sends 1.5 kB signals at `rate` a second, evenly over the rooms and both directions, and waits for all."""
    result = Relay(len(pairs), rate)
    sent_at: dict[str, float] = {}

    def heard(event: str, payload: Any) -> None:
        if event == "signal":
            number = payload["candidates"][0]["usernameFragment"]
            result.latencies.append((steady() - sent_at.pop(number)) * 1000)
            result.delivered += 1

    for pair in pairs:
        pair.doctor.listener = pair.patient.listener = heard
    gc.collect()
    gc.disable()
    cpu = server.cpu()
    turns = itertools.cycle([(pair, way) for way in (0, 1) for pair in pairs])
    began = steady()
    try:
        while (elapsed := steady() - began) < seconds:
            due = int(elapsed * rate) - result.sent
            for _ in range(max(0, due)):
                pair, way = next(turns)
                number = f"{result.sent}"
                result.lag_ms.append((elapsed - result.sent / rate) * 1000)
                sender, target = (pair.doctor, pair.patient_id) if way == 0 else (pair.patient, pair.doctor_id)
                candidate = {"candidate": PAYLOAD[:1000], "sdpMid": "0", "usernameFragment": number}
                filler = {"candidate": PAYLOAD[:400]}
                sent_at[number] = steady()
                result.sent += 1
                await sender.emit("signal", {"to": target, "session": SESSION, "candidates": [candidate, filler]})
            await asyncio.sleep(max(0.0, began + (result.sent + 1) / rate - steady()))
        await asyncio.sleep(SETTLE_SECONDS)  # what has not arrived by then is lost
    finally:
        gc.enable()
        for pair in pairs:
            pair.doctor.listener = pair.patient.listener = None
    result.cpu_per_message = (server.cpu() - cpu) * 1000 / max(1, result.sent)
    return result


async def measure(server: Server, password: str, rooms: int, seconds: float) -> Crowd:
    """Opens the rooms, weighs them, and relays: through one room, through 20, through all of them."""
    allow_many_files()
    doctors = await staff(server, password, math.ceil(rooms / ROOMS_PER_DOCTOR))
    turns = itertools.cycle(doctors)
    await close(await open_pairs(turns, 4))
    idle = server.memory()
    relays = []
    pairs = await open_pairs(turns, 1)
    relays.append(await relay(server, pairs, 2 * PER_SOCKET, seconds))
    pairs += await open_pairs(turns, 19)
    relays.append(await relay(server, pairs, 200, seconds))
    pairs += await open_pairs(turns, rooms - len(pairs))
    grown = server.memory() - idle
    relays.append(await relay(server, pairs, 200, seconds))
    await close(pairs)
    for doctor in doctors:
        await doctor.close()
    return Crowd(idle, len(pairs), 2 * len(pairs), grown, relays)


async def close(pairs: list[Pair]) -> None:
    for pair in pairs:
        await pair.doctor.emit("call_end", {"outcome": "completed"})
        await pair.doctor.close()
        await pair.patient.close()
