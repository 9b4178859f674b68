"""A whole installation on loopback: TLS in front, PostgreSQL, coturn, Redis, a mail server with login. Started once."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult, LoginPassword
from alembic.script import ScriptDirectory

from teleconsulta.kernel import migrate
from teleconsulta.turn.coturn import Coturn
from tests.conftest import TEMPLATE
from tests.deployment.coturn import Certificate, Relay
from tests.support import SECRET, TURN_SECRET, ServerProcess, database_named, free_port

MAIL_PASSWORD = "correio-bem-guardado"
REDIS_PASSWORD = "memoria-bem-guardada"
SECRETS = (SECRET, TURN_SECRET, MAIL_PASSWORD, REDIS_PASSWORD)
PROXY = """
global
  maxconn 200
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
frontend good
  bind 127.0.0.1:{good} ssl crt {folder}/proxy.pem
  option forwardfor
  default_backend app
frontend of_a_stranger
  bind 127.0.0.1:{stranger} ssl crt {folder}/stranger/proxy.pem
  option forwardfor
  default_backend app
frontend without_websockets
  bind 127.0.0.1:{plain} ssl crt {folder}/proxy.pem
  option forwardfor
  http-request deny deny_status 400 if {{ hdr(Upgrade) -i websocket }}
  default_backend app
frontend silent_about_callers
  bind 127.0.0.1:{silent} ssl crt {folder}/proxy.pem
  default_backend app
frontend without_a_server
  bind 127.0.0.1:{alone} ssl crt {folder}/proxy.pem
  default_backend nobody
backend app
  server app 127.0.0.1:{app}
backend nobody
  server nobody 127.0.0.1:{closed}
"""


class Mailbox(Controller):
    def _trigger_server(self) -> None:
        """Knocks only: the original's TLS knows nothing of our authority."""
        socket.create_connection((self.hostname, self.port), 5).close()


@dataclass(frozen=True)
class Surroundings:
    """`env` is that of a good installation; the others are what a wrong setting may lead to."""

    env: dict[str, str]
    origins: dict[str, str]
    dsn: str
    old_dsn: str
    relay: Relay
    open_relay: Relay
    endless_relay: Relay
    closed_port: int


@contextmanager
def standing(postgres: str, folder: Path) -> Iterator[Surroundings]:
    """Everything runs, and is ended in reverse order."""
    folder.chmod(0o755)
    (folder / "stranger").mkdir()
    certificate = Certificate(folder)
    stranger = Certificate(folder / "stranger")
    for one in (certificate, stranger):
        (one.chain.parent / "proxy.pem").write_text(one.chain.read_text() + one.key.read_text())
    with ExitStack() as stack:
        dsn, old_dsn = asyncio.run(_databases(postgres))
        stack.callback(lambda: asyncio.run(_drop(postgres, dsn, old_dsn)))
        names = ("good", "stranger", "plain", "silent", "alone", "closed")
        ports = {name: free_port() for name in names}
        origins = {name: f"https://127.0.0.1:{port}" for name, port in ports.items()}
        # The silent proxy's page may open sockets, so that only its silence is wrong.
        own = {"PUBLIC_URL": origins["good"], "CORS_ORIGINS": origins["silent"], "DEMO": "", "DEMO_PASSWORD": ""}
        server = ServerProcess(dsn, folder, **own)
        wish = Coturn(
            secrets=(TURN_SECRET,),
            realm="relay.example",
            certificate=str(certificate.chain),
            key=str(certificate.key),
            listen=("127.0.0.1", "::1"),
            # coturn frees what is given back a second later, and here one examination follows the other at once.
            calls=40,
            ports=(40000, 41999),
        )
        relays = [Relay(folder / name, wish, "allow-loopback-peers") for name in ("relay", "open", "endless")]
        _leave_out(relays[1], "denied-peer-ip")
        _leave_out(relays[2], "user-quota")
        redis_port = free_port()
        mail = _mail(stack, certificate)
        redis = ("--port", str(redis_port), "--requirepass", REDIS_PASSWORD, "--save", "", "--dir", str(folder))
        proxy = folder / "proxy.cfg"
        proxy.write_text(PROXY.format(folder=folder, app=server.port, **ports))
        _run(stack, folder, server.environment, "python", "-m", "teleconsulta.cli", "serve")
        _run(stack, folder, None, "redis-server", "--bind", "127.0.0.1", *redis)
        _run(stack, folder, None, "haproxy", "-db", "-f", str(proxy))
        for relay in relays:
            relay.start()
            stack.callback(relay.kill)
        for relay in relays:
            asyncio.run(relay.ready())
        _until(lambda: _connects(redis_port) and _connects(ports["good"]) and _answers(server.url))
        yield Surroundings(
            env={
                "PUBLIC_URL": origins["good"],
                "DATABASE_URL": dsn,
                "SECRET_KEY": SECRET,
                "TURN_URLS": ",".join(relays[0].urls()),
                "TURN_SECRET": TURN_SECRET,
                "STUN_URLS": f"stun:127.0.0.1:{relays[0].port}",
                "SMTP_URL": f"smtps://clinica:{MAIL_PASSWORD}@127.0.0.1:{mail}",
                "MAIL_FROM": "Clínica <consultas@clinica.example>",
                "REDIS_URL": f"redis://:{REDIS_PASSWORD}@127.0.0.1:{redis_port}/0",
                "TRUSTED_PROXIES": "127.0.0.1",
                "CORS_ORIGINS": "https://app.clinica.example",
                "VAR_DIR": str(folder / "var"),
                "SSL_CERT_FILE": str(certificate.authority),
            },
            origins=origins,
            dsn=dsn,
            old_dsn=old_dsn,
            relay=relays[0],
            open_relay=relays[1],
            endless_relay=relays[2],
            closed_port=ports["closed"],
        )


async def _databases(postgres: str) -> tuple[str, str]:
    """One of today, and one that has still to be migrated."""
    made = [database_named(postgres, f"t_{uuid4().hex}") for _ in range(2)]
    connection = await asyncpg.connect(postgres)
    for dsn in made:
        await connection.execute(f"CREATE DATABASE {_name(dsn)} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    await connection.close()
    old = await asyncpg.connect(made[1])
    scripts = ScriptDirectory.from_config(migrate.configuration(made[1]))
    before = scripts.get_revision(migrate.head()).down_revision
    await old.execute("UPDATE alembic_version SET version_num = $1", str(before))
    await old.close()
    return made[0], made[1]


async def _drop(postgres: str, *dsns: str) -> None:
    connection = await asyncpg.connect(postgres)
    for dsn in dsns:
        await connection.execute(f"DROP DATABASE {_name(dsn)} WITH (FORCE)")
    await connection.close()


def _name(dsn: str) -> str:
    return "t_" + dsn.split("/t_", 1)[1].split("?", 1)[0]


def _mail(stack: ExitStack, certificate: Certificate) -> int:
    def known(_server: object, _session: object, _envelope: object, _mechanism: str, who: object) -> AuthResult:
        good = isinstance(who, LoginPassword) and who.password == MAIL_PASSWORD.encode()
        return AuthResult(success=good, handled=False)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    port = free_port()
    controller = Mailbox(
        Sink(),
        hostname="127.0.0.1",
        port=port,
        ssl_context=context,
        authenticator=known,
        auth_require_tls=False,  # it is encrypted from the start
    )
    controller.start()
    stack.callback(controller.stop)
    return port


def _run(stack: ExitStack, folder: Path, environment: dict[str, str] | None, *command: str) -> None:
    program = sys.executable if command[0] == "python" else shutil.which(command[0])
    assert program is not None, f"{command[0]} is missing: apt install {command[0]}"
    with (folder / f"{command[0]}.log").open("wb") as log:
        process = subprocess.Popen([program, *command[1:]], cwd=folder, env=environment, stdout=log, stderr=log)

    def end() -> None:
        process.terminate()
        process.wait()

    stack.callback(end)


def _leave_out(relay: Relay, setting: str) -> None:
    lines = relay.config.read_text().splitlines()
    relay.config.write_text("\n".join(line for line in lines if not line.startswith(f"{setting}=")) + "\n")


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").status_code == 200
    except httpx.TransportError:
        return False


def _until(there: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline, "the surroundings do not start"
        time.sleep(0.05)
