"""Which answers are compressed: long ones without a secret in them, for whoever takes it; raw bytes over a socket."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from teleconsulta.kernel.packing import COMPRESSIBLE, WORTH_BYTES
from teleconsulta.main import create_app, openapi_document
from tests.functional.live import serving
from tests.support import settings_for

SECRETS = re.compile(r"link|token|secret|credential|password|recovery|otp|ice_servers|^key$|^code$")
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"
TEXT = b"export const words = 'Bom dia';\n" * 200


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return openapi_document(create_app(settings_for(NO_DATABASE, tmp_path_factory.mktemp("x"))))


def properties(document: Any, schema: Any, seen: frozenset[str] = frozenset()) -> set[str]:
    """The names of everything in an answer, however deep."""
    if (ref := schema.get("$ref")) is not None:
        name = ref.rsplit("/", 1)[-1]
        inner = document["components"]["schemas"][name]
        return set() if name in seen else properties(document, inner, seen | {name})
    found = set(schema.get("properties", ()))
    parts = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), *schema.get("allOf", ())]
    parts += [schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)]
    return found.union(*(properties(document, part, seen) for part in parts)) if parts else found


def answers(document: Any, route: str) -> list[Any]:
    told = document["paths"][route]["get"]["responses"]["200"].get("content", {})
    return [kind.get("schema", {}) for kind in told.values()]


@pytest.mark.parametrize("route", COMPRESSIBLE)
def test_what_is_compressed_holds_no_secret(document: Any, route: str) -> None:
    if route in {"/api/docs", "/api/openapi.json", "/metrics"}:  # of the program and not of people
        return
    held = set().union(*(properties(document, schema) for schema in answers(document, route)))
    assert not {name for name in held if SECRETS.search(name)}


def test_and_the_search_would_find_one(document: Any) -> None:
    for route in ("/api/rooms", "/api/rooms/{room_id}", "/api/turn-credentials"):
        assert route not in COMPRESSIBLE
        assert any(SECRETS.search(name) for schema in answers(document, route) for name in properties(document, schema))


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html>")
    script = dist / "assets" / "index-Xy12_-Ab.js"
    script.write_bytes(TEXT)
    script.with_name(script.name + ".gz").write_bytes(gzip.compress(TEXT))
    app = create_app(settings_for(NO_DATABASE, tmp_path, static_dir=dist))
    async with serving(app) as live:
        yield int(live.url.rsplit(":", 1)[1])


async def ask(port: int, path: str, *headers: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """One request and everything that came back, as it came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = (f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", *headers, "", "")
    writer.write("\r\n".join(lines).encode())
    async with asyncio.timeout(10):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    status, *fields = head.decode("latin-1").split("\r\n")
    told = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
    return int(status.split()[1]), told, body


async def test_a_long_answer_travels_short(port: int) -> None:
    status, told, packed = await ask(port, "/api/openapi.json", "Accept-Encoding: gzip, br")
    assert (status, told["content-encoding"], int(told["content-length"])) == (200, "gzip", len(packed))
    assert "Accept-Encoding" in told["vary"]
    plain = gzip.decompress(packed)
    assert orjson.loads(plain)["openapi"].startswith("3.")
    assert len(packed) < len(plain) / 4


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "*;q=0"])
async def test_whoever_does_not_take_it_gets_it_plain(port: int, accepted: str) -> None:
    status, told, body = await ask(port, "/api/openapi.json", f"Accept-Encoding: {accepted}")
    assert (status, "content-encoding" in told, body[:1]) == (200, False, b"{")
    assert "Accept-Encoding" in told["vary"]


async def test_a_short_answer_and_a_secret_one_stay_as_they_are(port: int) -> None:
    for path in ("/api/config", "/api/demo", "/api/turn-credentials"):
        _status, told, body = await ask(port, path, "Accept-Encoding: gzip")
        assert "content-encoding" not in told
        assert len(body) < WORTH_BYTES


async def test_a_file_and_its_head_agree(port: int) -> None:
    path = "/assets/index-Xy12_-Ab.js"
    status, told, body = await ask(port, path, "Accept-Encoding: gzip")
    assert (status, told["content-encoding"], gzip.decompress(body)) == (200, "gzip", TEXT)
    assert int(told["content-length"]) == len(body)
    _status, head, nothing = await ask(port, path, "Accept-Encoding: gzip", method="HEAD")
    assert nothing == b""
    same = ("content-encoding", "content-length", "content-type", "etag", "vary", "cache-control")
    assert {name: head[name] for name in same} == {name: told[name] for name in same}
    assert told["cache-control"].endswith("immutable")
    status, again, nothing = await ask(port, path, "Accept-Encoding: gzip", f"If-None-Match: {told['etag']}")
    assert (status, nothing, again["etag"], again["vary"]) == (304, b"", told["etag"], "Accept-Encoding")
    status, other, _body = await ask(port, path, f"If-None-Match: {told['etag']}")
    assert (status, other["etag"] != told["etag"]) == (200, True)
