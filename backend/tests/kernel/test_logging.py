"""Nothing personal in a log line: not by rule, and not by accident."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from fastapi import FastAPI
from httpx import AsyncClient

from teleconsulta.kernel import logging as ours
from tests.auth.test_login import sign_in
from tests.builders import PASSWORD, Builder

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
SDP = "v=0\r\no=- 46117 2 IN IP4 127.0.0.1\r\ns=-\r\na=fingerprint:sha-256 AB:CD"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What would stand on standard output."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ours.QUIET}
    before_us = structlog.get_config()
    out = io.StringIO()
    ours.configure("json", out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.configure(**before_us)


class TestClean:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("mail to bia@paciente.example failed", "mail to [e-mail] failed"),
            ("<bia.q+x@mail.paciente.example>", "<[e-mail]>"),
            (f"Bearer {JWT}", "Bearer [token]"),
            (f"GET /?token={JWT}&x=1", "GET /?token=[token]&x=1"),
            (f"sdp {SDP}", "sdp [sdp]"),
            ("candidate:1 1 udp 2113 192.168.0.7 5000 typ host", "[sdp]"),
            ("from 203.0.113.9:4711", "from [ip]:4711"),
            ("from 2001:db8::17 now", "from [ip] now"),
            ("peer [2001:db8:1:2:3:4:5:6]:443", "peer [[ip]]:443"),
            ("at ::ffff:10.0.0.1", "at [ip]"),
            ("postgresql://u:secret@db/x down", "postgresql://[address] down"),
            ("http://127.0.0.1:8080 and 0.0.0.0", "http://127.0.0.1:8080 and 0.0.0.0"),
            ("took 12:30:59, version 1.2.3", "took 12:30:59, version 1.2.3"),
            ("2026-11-23T02:35:50.123456Z", "2026-11-23T02:35:50.123456Z"),
            ("room 01930000-0000-7000-8000-000000000000", "room 01930000-0000-7000-8000-000000000000"),
            ("teleconsulta/kernel/db.py:77 session", "teleconsulta/kernel/db.py:77 session"),
        ],
    )
    def test_what_looks_personal_is_blacked_out(self, text: str, kept: str) -> None:
        assert ours.clean(text) == kept

    def test_a_long_line_takes_no_time(self) -> None:
        ours.clean("a:" * 50_000)
        ours.clean("1." * 50_000)
        ours.clean("x" * 100_000 + "@")


class TestConfigure:
    def test_a_line_is_one_json_object(self, lines: io.StringIO) -> None:
        structlog.get_logger("x").info("request", status=200, list=["bia@paciente.example"])
        line = json.loads(lines.getvalue())
        assert (line["event"], line["level"], line["status"], line["list"]) == ("request", "info", 200, ["[e-mail]"])
        assert line["timestamp"].endswith("Z")

    def test_an_exception_is_told_without_its_words(self, lines: io.StringIO) -> None:
        try:
            raise RuntimeError("Benedita Quaresma") from ValueError("segredo")
        except RuntimeError:
            structlog.get_logger("x").exception("failed")
        line = json.loads(lines.getvalue())
        assert [error["type"] for error in line["exception"]] == ["RuntimeError", "ValueError"]
        assert "test_logging.py" in line["exception"][0]["frames"][-1]
        assert "Benedita" not in lines.getvalue()
        assert "segredo" not in lines.getvalue()

    def test_libraries_come_by_the_same_door(self, lines: io.StringIO) -> None:
        logging.getLogger("asyncio").error("Task failed\nfuture: <Task name='Benedita Quaresma'>")
        line = json.loads(lines.getvalue())
        assert (line["event"], line["level"]) == ("Task failed", "error")

    def test_libraries_exceptions_are_told_without_their_words(self, lines: io.StringIO) -> None:
        try:
            raise RuntimeError("Benedita Quaresma")
        except RuntimeError:
            logging.getLogger("some.library").exception("failed")
        assert "Benedita" not in lines.getvalue()
        assert json.loads(lines.getvalue())["exception"][0]["type"] == "RuntimeError"

    @pytest.mark.parametrize("name", sorted(ours.QUIET))
    def test_their_chatter_is_not_heard(self, lines: io.StringIO, name: str) -> None:
        logging.getLogger(name).info('198.51.100.1 - "GET /?token=x"')
        assert lines.getvalue() == ""


async def test_no_trace_of_a_person_in_the_lines_of_a_working_day(
    lines: io.StringIO, app: FastAPI, client: AsyncClient, build: Builder
) -> None:
    doctor, admin = await build.staff(), await build.staff("admin")
    answer = await sign_in(client, doctor.email)
    await sign_in(client, doctor.email, "segredo errado")
    await client.get(f"/api/auth/me?name=Benedita&token={JWT}", headers=doctor.headers)
    await client.get("/api/Benedita/Quaresma")
    await client.get("/medico/Benedita")
    await client.post("/api/users", json={"name": "Benedita", "email": "x"}, headers=admin.headers)
    await client.patch(f"/api/users/{doctor.id}", json={"name": "Benedita Quaresma"}, headers=admin.headers)
    said = lines.getvalue()
    entries = [json.loads(line) for line in said.splitlines()]
    asked = [entry for entry in entries if entry["event"] == "request"]
    assert len(asked) == 7
    assert {entry["route"] for entry in asked} >= {"/api/auth/login", "/api/users/{user_id}"}
    assert all(entry.keys() >= {"method", "route", "status", "ms", "request_id"} for entry in asked)
    canaries = ("Benedita", "Quaresma", doctor.email, "clinica.example", PASSWORD, "segredo", JWT, doctor.token)
    for canary in (*canaries, answer.json()["access_token"], answer.cookies["__Host-tc_refresh"], str(doctor.id)):
        assert canary not in said


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_both_forms_are_redacted(lines: io.StringIO, log_format: str) -> None:
    ours.configure(log_format, lines)
    structlog.get_logger("x").warning("to bia@paciente.example")
    assert "[e-mail]" in lines.getvalue()
