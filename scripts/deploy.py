"""Puts a commit on Railway, tries what runs then, and takes the previous deployment back when it is not well.

    RAILWAY_TOKEN=... RAILWAY_SERVICE_ID=... RAILWAY_ENVIRONMENT_ID=... DEPLOYED_URL=https://... COMMIT=... \
        python3 scripts/deploy.py
    python3 scripts/deploy.py https://consulta.example.org      only tries a server that runs

Standard library only. RAILWAY_TOKEN is a token of the project. Status 0: the commit runs and is well.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

ENDPOINT = "https://backboard.railway.com/graphql/v2"
# An address that names no program is turned away at Railway's door.
AGENT = "teleconsulta-deploy/1"
LIVES, ENDED = "SUCCESS", {"SUCCESS", "FAILED", "CRASHED", "REMOVED", "SKIPPED", "SLEEPING"}
PATIENCE_SECONDS = 1500.0
SETTLING_SECONDS = 90.0


class Trouble(Exception):
    """One sentence for the log; it names no secret."""


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the log of the workflow


@dataclass
class Railway:
    """The four questions that deploying needs, of Railway's GraphQL interface."""

    token: str
    service: str
    environment: str
    endpoint: str = ENDPOINT

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The answer's data.

        Raises:
            Trouble: Railway does not answer, or answers with errors.
        """
        request = urllib.request.Request(  # noqa: S310 - https, or a test's own server
            self.endpoint,
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json", "Project-Access-Token": self.token, "User-Agent": AGENT},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
                said = json.load(answer)
        except (OSError, ValueError) as error:
            raise Trouble(f"Railway does not answer as it should ({type(error).__name__}).") from error
        if said.get("errors") or not isinstance(said.get("data"), dict):
            messages = [str(one.get("message")) for one in said.get("errors", [])]
            raise Trouble(f"Railway refuses: {'; '.join(messages) or 'no data'}")
        data: dict[str, Any] = said["data"]
        return data

    def running(self) -> str | None:
        """The id of the deployment that serves people now."""
        query = """query ($input: DeploymentListInput!) {
          deployments(input: $input, first: 20) { edges { node { id status createdAt } } } }"""
        wanted = {"serviceId": self.service, "environmentId": self.environment}
        nodes = [edge["node"] for edge in self.ask(query, input=wanted)["deployments"]["edges"]]
        living = [node for node in nodes if node["status"] == LIVES]
        return str(max(living, key=lambda node: node["createdAt"])["id"]) if living else None

    def deploy(self, commit: str) -> str:
        """Start building this commit; the new deployment's id."""
        query = """mutation ($service: String!, $environment: String!, $commit: String) {
          serviceInstanceDeployV2(serviceId: $service, environmentId: $environment, commitSha: $commit) }"""
        data = self.ask(query, service=self.service, environment=self.environment, commit=commit)
        return str(data["serviceInstanceDeployV2"])

    def status(self, deployment: str) -> str:
        data = self.ask("query ($id: String!) { deployment(id: $id) { status } }", id=deployment)
        return str(data["deployment"]["status"])

    def roll_back(self, deployment: str) -> None:
        """Serve people by this earlier deployment again."""
        try:
            self.ask("mutation ($id: String!) { deploymentRollback(id: $id) }", id=deployment)
        except Trouble as first:  # one form of the interface answers with an object
            try:
                self.ask("mutation ($id: String!) { deploymentRollback(id: $id) { id } }", id=deployment)
            except Trouble:
                raise first from None


def wait(railway: Railway, deployment: str, pause: float = 5.0, patience: float = PATIENCE_SECONDS) -> str:
    """The deployment's last status; `TIMEOUT` when it reaches none within `patience` seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        status = railway.status(deployment)
        if status in ENDED:
            return status
        time.sleep(pause)
    return "TIMEOUT"


def fetch(url: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers={"User-Agent": AGENT})  # noqa: S310 - the operator's own address
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - as above
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def ready(base: str) -> None:
    status, _, body = fetch(f"{base}/readyz")
    if status != 200:
        raise Trouble(f"/readyz answers {status}: {body[:200].decode(errors='replace')}")


def page(base: str) -> None:
    status, headers, body = fetch(f"{base}/")
    if status != 200 or b'id="root"' not in body:
        raise Trouble(f"The app's page is not there ({status}).")
    if "default-src 'none'" not in headers.get("content-security-policy", ""):
        raise Trouble("The page has lost its content security policy.")


def interface(base: str) -> None:
    status, _, body = fetch(f"{base}/api/config")
    if status != 200 or json.loads(body)["demo"] is not False:
        raise Trouble(f"/api/config answers {status}, or says that this is a demonstration.")
    if fetch(f"{base}/api/no-such-thing")[0] != 404:
        raise Trouble("An unknown address of the interface is not refused.")


def websocket(base: str) -> None:
    """A websocket passes the platform's proxy; what happens on it needs a token and is not tried."""
    where = urlsplit(base)
    port = where.port or (443 if where.scheme == "https" else 80)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    tls = {"context": ssl.create_default_context()} if where.scheme == "https" else {}
    line = kind(where.hostname or "", port, timeout=20, **tls)  # type: ignore[arg-type]
    try:
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Origin": base,
            "User-Agent": AGENT,
        }
        line.request("GET", "/socket.io/?EIO=4&transport=websocket", headers=headers)
        status = line.getresponse().status
    finally:
        line.close()
    if status != 101:
        raise Trouble(f"A websocket is answered with {status}.")


CHECKS: tuple[Callable[[str], None], ...] = (ready, page, interface, websocket)


def trouble_at(base: str, patience: float = SETTLING_SECONDS) -> str | None:
    """What is wrong with the server at this address, None when all is well; it may settle for `patience` seconds."""
    end = time.monotonic() + patience
    while True:
        try:
            for check in CHECKS:
                check(base)
        except (Trouble, OSError, http.client.HTTPException, ValueError, KeyError) as error:
            if time.monotonic() > end:
                return str(error) or type(error).__name__
            time.sleep(2)
        else:
            return None


def main(railway: Railway, url: str, commit: str, pause: float = 5.0, settling: float = SETTLING_SECONDS) -> int:
    before = railway.running()
    new = railway.deploy(commit)
    say(f"Deployment {new} of {commit} is being built; {before or 'nothing'} serves meanwhile.")
    status = wait(railway, new, pause)
    if status != LIVES:
        # Railway moves people over only when /readyz says yes.
        say(f"It ended as {status}. The previous deployment goes on serving.")
        return 1
    wrong = trouble_at(url, settling)
    if wrong is None:
        say("It runs, and is well.")
        return 0
    say(f"It runs, and is not well: {wrong}")
    if before is None:
        say("There is no earlier deployment to go back to.")
        return 1
    railway.roll_back(before)
    still = trouble_at(url, settling)
    say(f"Back to {before}: {still or 'it is well again.'}")
    return 1


if __name__ == "__main__":
    try:
        if len(sys.argv) == 2:
            found = trouble_at(sys.argv[1].rstrip("/"))
            sys.exit(found)
        names = ("RAILWAY_TOKEN", "RAILWAY_SERVICE_ID", "RAILWAY_ENVIRONMENT_ID", "DEPLOYED_URL", "COMMIT")
        if lacking := [name for name in names if not os.environ.get(name)]:
            sys.exit(f"Not set: {', '.join(lacking)} (docs/operations/railway.md).")
        token, service, environment, address, sha = (os.environ[name] for name in names)
        sys.exit(main(Railway(token, service, environment), address.rstrip("/"), sha))
    except Trouble as error:
        sys.exit(str(error))
