"""Deploying to Railway, before a stand-in for its interface: what happens to people when a commit is not well."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.deployment.scripts import script

deploy = script("deploy")
PAGE = b'<div id="root"></div>'


class Platform:
    """Railway and the server it runs, at one address. `well` says which deployments are."""

    def __init__(self, *, ends_as: str = "SUCCESS", well: frozenset[str] = frozenset({"old", "new"})) -> None:
        self.serving, self.ends_as, self.well = "old", ends_as, well
        self.asked: list[str] = []
        self.tokens: set[str | None] = set()
        self.breaks = "/readyz"

    def graphql(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        name = next(word for word in ("deployments(", "InstanceDeployV2(", "Rollback(", "deployment(") if word in query)
        self.asked.append(name)
        if name == "deployments(":
            nodes = [("older", "SUCCESS", "2026-01"), ("old", "SUCCESS", "2026-02"), ("failed", "FAILED", "2026-03")]
            edges = [{"node": {"id": i, "status": s, "createdAt": at}} for i, s, at in nodes]
            return {"data": {"deployments": {"edges": edges}}}
        if name == "InstanceDeployV2(":
            assert variables == {"service": "s", "environment": "e", "commit": "c0ffee"}
            return {"data": {"serviceInstanceDeployV2": "new"}}
        if name == "Rollback(":
            if "{ id }" not in query:
                return {"errors": [{"message": "Field must have a selection of subfields"}]}
            self.serving = variables["id"]
            return {"data": {"deploymentRollback": {"id": variables["id"]}}}
        status = "BUILDING" if self.asked.count(name) == 1 else self.ends_as
        if status == "SUCCESS":
            self.serving = "new"
        return {"data": {"deployment": {"status": status}}}

    def page(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if self.serving not in self.well and path == self.breaks:
            return 503, {}, b"{}"
        known = {
            "/readyz": (200, {}, b'{"status": "ok"}'),
            "/": (200, {"Content-Security-Policy": "default-src 'none'"}, PAGE),
            "/api/config": (200, {}, b'{"demo": false}'),
            "/socket.io/?EIO=4&transport=websocket": (101, {"Upgrade": "websocket", "Connection": "Upgrade"}, b""),
        }
        return known.get(path, (404, {}, b"{}"))


@contextmanager
def served(platform: Platform) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 101:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = status == 101

        def do_GET(self) -> None:
            self.answer(*platform.page(self.path))

        def do_POST(self) -> None:
            wish = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            platform.tokens.add(self.headers["Project-Access-Token"])
            self.answer(200, {}, json.dumps(platform.graphql(wish["query"], wish["variables"])).encode())

        def log_request(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def run(platform: Platform) -> int:
    with served(platform) as url:
        railway = deploy.Railway("project-token", "s", "e", f"{url}/graphql")
        status: int = deploy.main(railway, url, "c0ffee", pause=0, settling=0)
    assert platform.tokens == {"project-token"}
    return status


def test_a_commit_that_is_well_stays() -> None:
    platform = Platform()
    assert run(platform) == 0
    assert platform.serving == "new"
    assert "Rollback(" not in platform.asked


@pytest.mark.parametrize("breaks", ["/readyz", "/", "/api/config", "/socket.io/?EIO=4&transport=websocket"])
def test_one_that_is_not_well_makes_way_for_what_ran_before(breaks: str, capsys: pytest.CaptureFixture[str]) -> None:
    platform = Platform(well=frozenset({"old"}))
    platform.breaks = breaks
    assert run(platform) == 1
    assert platform.serving == "old"
    assert "Back to old: it is well again." in capsys.readouterr().out


@pytest.mark.parametrize("ends_as", ["FAILED", "CRASHED"])
def test_one_that_never_gets_up_changes_nothing(ends_as: str) -> None:
    platform = Platform(ends_as=ends_as)
    assert run(platform) == 1
    assert platform.serving == "old"
    assert "Rollback(" not in platform.asked


def test_a_refusal_is_a_sentence_without_the_token() -> None:
    platform = Platform()
    platform.graphql = lambda *_: {"errors": [{"message": "Not Authorized"}]}  # type: ignore[method-assign]
    with served(platform) as url, pytest.raises(deploy.Trouble, match=r"^Railway refuses: Not Authorized$"):
        deploy.Railway("project-token", "s", "e", url).running()
