"""A whole server process, and what it says about the people who used it: nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import socketio
from socketio.exceptions import ConnectionError as RefusedByServer

from tests.builders import Builder
from tests.support import SECRET, ServerProcess, free_port

pytestmark = pytest.mark.slow

PASSWORD = "uma senha bem comprida"
HEADERS = {"X-Teleconsulta": "1"}
CANARIES = (
    "Benedita",
    "Quaresma",
    "bia@paciente.example",
    "clinica.example",
    "eyJ",
    "a=candidate",
    "192.0.2.77",
    "dor no peito",
    "carteiro",
    "segredo",
)


@pytest.fixture
async def server(dsn: str, tmp_path: Path) -> AsyncIterator[ServerProcess]:
    nobody = f"smtp://carteiro:segredo@127.0.0.1:{free_port()}"  # a letter that cannot leave tempts to say much
    process = ServerProcess(dsn, tmp_path, LOG_FORMAT="json", TRUSTED_PROXIES="127.0.0.1", SMTP_URL=nobody)
    await process.start()
    yield process
    await process.stop()


async def raw(port: int, request: bytes) -> bytes:
    """Bytes as they are, which no client library would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(10):
        answer = await reader.read(65536)
    writer.close()
    await writer.wait_closed()
    return answer


async def test_nothing_personal_on_standard_output(server: ServerProcess, build: Builder) -> None:
    room = await build.room(patient_name="Benedita Quaresma")
    doctor = room.doctor
    proxied = {**HEADERS, "X-Forwarded-For": "192.0.2.77"}
    async with httpx.AsyncClient(base_url=server.url, headers=proxied) as client:
        for password in (PASSWORD, "errada, bia@paciente.example"):
            await client.post("/api/auth/login", json={"email": "medica@demo.local", "password": password})
        await client.get(f"/api/rooms/{room.room_id}?nome=Benedita", headers=doctor.headers)
        await client.get(f"/paciente/Benedita?token={room.patient.link_token}")
        await client.get("/api/Benedita/Quaresma")
        await client.post("/api/invitations/redeem", json={"token": room.patient.link_token})
        await client.post("/api/invitations/redeem", json={"token": "Benedita Quaresma"})
        await client.post("/api/rooms", json={"patient": {"name": "Benedita\x00Quaresma"}}, headers=doctor.headers)
        await client.get("/socket.io/?EIO=4&transport=polling&token=eyJBenedita")
        wish = {"patient": {"name": "Benedita Quaresma", "email": "bia@paciente.example"}}
        assert (await client.post("/api/rooms", json=wish, headers=doctor.headers)).status_code == 201
    for path in (b"/socket.io/?EIO=4&transport=websocket&token=eyJBenedita", b"/Benedita\x01", b"/%ff"):
        await raw(server.port, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    await raw(server.port, b"Benedita Quaresma\r\n\r\n")
    person = socketio.AsyncClient(reconnection=False)
    auth = {"token": room.patient.token, "protocol": 1}
    await person.connect(f"{server.url}?nome=Benedita", auth=auth, transports=["websocket"])
    await person.emit("chat_message", {"id": "x", "text": "Benedita"})
    await person.emit("chat_message", {"id": str(uuid4()), "text": "dor no peito"})
    await person.emit("trouble", {"cause": "Benedita"})
    await person.emit("signal", {"description": {"sdp": "v=0 a=candidate:1 192.0.2.77"}})
    await person.emit("Benedita Quaresma", {"x": "Benedita"})
    await person.disconnect()
    stranger = socketio.AsyncClient(reconnection=False)
    with pytest.raises(RefusedByServer):
        await stranger.connect(server.url, auth={"token": "eyJBenedita", "protocol": 1}, transports=["websocket"])
    await stranger.shutdown()
    async with asyncio.timeout(20):
        while '"job"' not in server.log.read_text():  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.05)
    assert await server.stop() == 0
    said = server.log.read_text()
    for canary in (*CANARIES, str(room.room_id), str(room.patient.participant_id), SECRET):
        assert canary not in said, canary
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert sum(line["event"] == "request" for line in lines) >= 8
    assert "Traceback" not in said
    # What belongs together can be found by a word that says nothing about anybody.
    by_event = {event: [line for line in lines if line["event"] == event] for event in ("request", "socket", "job")}
    for event, word in (("request", "request_id"), ("socket", "socket_id"), ("job", "job_id")):
        assert by_event[event]
        assert len({line[word] for line in by_event[event]}) == len(by_event[event])
    refused = [line for line in lines if line["event"] == "socket_refused"]
    assert [line["code"] for line in refused] == ["unauthorized"]
    assert refused[0]["socket_id"] in {line["socket_id"] for line in by_event["socket"]}
    assert {(line["entrypoint"], line["code"]) for line in by_event["job"]} >= {("letters.send", "smtp_unreachable")}
    assert not [line for line in lines if line["level"] in {"error", "critical"}]


async def test_no_answer_tells_what_we_are_made_of(server: ServerProcess) -> None:
    async with httpx.AsyncClient(base_url=server.url) as client:
        for path in ("/", "/healthz", "/api/none", "/socket.io/", "/api/auth/me"):
            answer = await client.get(path)
            assert "server" not in answer.headers
            assert not any(word in answer.text.lower() for word in ("uvicorn", "starlette", "python/", "sqlalchemy"))
    crooked = await raw(server.port, b"GET / HTTP/9\r\n\r\n")
    assert b"uvicorn" not in crooked.lower()
