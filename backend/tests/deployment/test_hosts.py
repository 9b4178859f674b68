"""Files for hosts: they parse, and agree with the program, the image and the relay's configuration."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Group
from fastapi import FastAPI

from teleconsulta.cli import main
from teleconsulta.kernel.headers import FOR_PAGES, permissions_policy, security_headers
from teleconsulta.kernel.pages import IMMUTABLE
from teleconsulta.kernel.settings import Settings
from tests.deployment.scripts import script
from tests.support import BACKEND, settings_for

ROOT = BACKEND.parent
SETTINGS = {name.upper() for name in Settings.model_fields}
BACKEND_URL, SOCKET_URL = "https://api.clinica.example", "wss://api.clinica.example"


def assert_command(text: str) -> None:
    """`python -m teleconsulta.cli X` names a command of ours."""
    words = text.split()
    assert words[:3] == ["python", "-m", "teleconsulta.cli"], text
    assert isinstance(main, Group)
    assert words[3] in main.commands


def paths(app: FastAPI) -> set[str]:
    return {getattr(route, "path", "") for route in app.routes}


class TestPlatforms:
    def test_railway(self) -> None:
        content = json.loads((ROOT / "railway.json").read_text())
        build, deploy = content["build"], content["deploy"]
        assert build["builder"] == "DOCKERFILE"
        assert (ROOT / build["dockerfilePath"]).is_file()
        for pattern in build["watchPatterns"]:
            assert list(ROOT.glob(pattern)), pattern
        for command in deploy["preDeployCommand"]:
            assert_command(command)
        assert deploy["healthcheckPath"] == "/readyz"
        # Two processes on one database do not see each other's rooms.
        assert deploy["overlapSeconds"] == 0
        assert deploy["drainingSeconds"] >= 10

    def test_render(self) -> None:
        content = yaml.safe_load((ROOT / "render.yaml").read_text())
        (service,), (database,) = content["services"], content["databases"]
        assert service["runtime"] == "docker"
        assert (ROOT / service["dockerfilePath"]).is_file()
        assert service["healthCheckPath"] == "/readyz"
        given = {entry["key"]: entry for entry in service["envVars"]}
        assert set(given) <= SETTINGS
        assert given["DATABASE_URL"]["fromDatabase"] == {"name": database["name"], "property": "connectionString"}
        assert given["SECRET_KEY"] == {"key": "SECRET_KEY", "generateValue": True}
        assert all(given[name].get("sync") is False for name in ("PUBLIC_URL", "TURN_SECRET", "SMTP_URL"))
        # The free plan knows no command before the start, and its database has an end that must be said.
        assert service["plan"] == database["plan"] == "free"
        assert "preDeployCommand" not in service
        assert "expires 30 days" in (ROOT / "render.yaml").read_text()
        assert service["region"] == database["region"]

    def test_fly(self) -> None:
        content = tomllib.loads((ROOT / "infra/fly/fly.toml").read_text())
        assert (ROOT / "infra/fly" / content["build"]["dockerfile"]).resolve().relative_to(ROOT)
        env = content["env"]
        assert set(env) - {"RELAY_LISTEN", "RELAY_PORTS"} <= SETTINGS
        http = content["http_service"]
        assert http["internal_port"] == int(env["PORT"])
        assert [check["path"] for check in http["checks"]] == ["/readyz"]
        assert http["auto_stop_machines"] == "off"
        udp = [service for service in content["services"] if service["protocol"] == "udp"]
        for service in udp:  # Fly does not translate a port of UDP
            assert [port["port"] for port in service["ports"]] == [service["internal_port"]]
        first, last = map(int, env["RELAY_PORTS"].split("-"))
        relay = relay_settings()
        assert [s["internal_port"] for s in udp] == [int(relay["listening-port"]), *range(first, last + 1)]
        assert int(relay["min-port"]) <= first < last <= int(relay["max-port"])
        (tcp,) = [service for service in content["services"] if service["protocol"] == "tcp"]
        assert {port["port"]: port.get("handlers", []) for port in tcp["ports"]} == {3478: [], 5349: ["tls"]}

    async def test_what_they_ask_for_is_answered(self, app: FastAPI) -> None:
        assert {"/readyz", "/healthz"} <= paths(app)


class TestStatic:
    """The app at a host of static files gets the server's own headers."""

    @pytest.fixture
    def expected(self, tmp_path: Path) -> dict[str, str]:
        headers = security_headers(settings_for("postgresql://unused", tmp_path, public_url=BACKEND_URL))
        return headers | {"permissions-policy": permissions_policy(FOR_PAGES)}

    def test_netlify_and_cloudflare(self, expected: dict[str, str]) -> None:
        text = (ROOT / "infra/static/_headers").read_text()
        text = text.replace("BACKEND", BACKEND_URL).replace("SOCKET", SOCKET_URL)
        blocks = {
            block.split("\n", 1)[0]: dict(re.findall(r"^  ([\w-]+): (.+)$", block, re.MULTILINE))
            for block in re.split(r"^(?=/)", text, flags=re.MULTILINE)[1:]
        }
        found = {name.lower(): value for name, value in blocks["/*"].items()}
        own = expected["content-security-policy"]
        expected["content-security-policy"] = own.replace(
            f"connect-src 'self' {SOCKET_URL}", f"connect-src 'self' {BACKEND_URL} {SOCKET_URL}"
        ).replace("img-src 'self' data: blob:", f"img-src 'self' data: blob: {BACKEND_URL}")
        assert found == expected
        assert blocks["/assets/*"] == {"Cache-Control": IMMUTABLE}

    def test_vercel(self, expected: dict[str, str]) -> None:
        content = json.loads((ROOT / "infra/vercel.json").read_text())
        everywhere, assets = content["headers"]
        found = {entry["key"].lower(): entry["value"] for entry in everywhere["headers"]}
        # The page itself names the one server (frontend/elsewhere.ts): here any is allowed, by TLS.
        own = expected["content-security-policy"]
        expected["content-security-policy"] = own.replace(
            f"connect-src 'self' {SOCKET_URL}", "connect-src 'self' https: wss:"
        ).replace("img-src 'self' data: blob:", "img-src 'self' data: blob: https:")
        assert found == expected
        assert assets["headers"] == [{"key": "Cache-Control", "value": IMMUTABLE}]
        (rewrite,) = content["rewrites"]
        pages = re.compile(rewrite["source"])
        assert all(pages.fullmatch(path) for path in ("/", "/paciente/1", "/admin/gestao/marca", "/apis"))
        assert not any(pages.fullmatch(path) for path in ("/api/calls", "/socket.io/", "/assets/gone.js"))

    def test_the_commands_that_build_exist(self) -> None:
        scripts = json.loads((ROOT / "frontend/package.json").read_text())["scripts"]
        vercel = json.loads((ROOT / "infra/vercel.json").read_text())
        netlify = tomllib.loads((ROOT / "infra/netlify.toml").read_text())["build"]
        assert vercel["outputDirectory"] == netlify["publish"] == "frontend/dist"
        for command in (vercel["buildCommand"], netlify["command"]):
            assert '"$VITE_BACKEND_URL"' in command, "no build that cannot find its server"
            assert re.findall(r"npm run (\w+)", command) == ["build"]
        assert "build" in scripts
        assert "npm ci --ignore-scripts" in vercel["installCommand"]
        assert "npm ci --ignore-scripts" in netlify["command"]


def relay_settings() -> dict[str, str]:
    text = (ROOT / "infra/coturn/turnserver.conf").read_text()
    return dict(re.findall(r"^([a-z-]+)=(\S+)$", text, re.MULTILINE))


@cache
def rendered() -> tuple[dict[str, Any], str]:
    """The cloud-init of a relay, and what is said about it."""
    words = ["--name", "turn.clinica.example", "--mail", "voce@clinica.example", "--deny", "198.51.100.9"]
    done = subprocess.run(
        [sys.executable, ROOT / "infra/coturn/render.py", *words],
        capture_output=True,
        text=True,
        check=True,
        env={"TURN_SECRET": "Zx7Qw3Er9Ty1Ui5Op2As8Df4"},
    )
    assert done.stdout.startswith("#cloud-config\n")
    content: dict[str, Any] = yaml.safe_load(done.stdout)
    return content, done.stderr


@pytest.fixture
def files() -> dict[str, dict[str, Any]]:
    return {file["path"]: file for file in rendered()[0]["write_files"]}


class TestRelay:
    """The cloud-init of a relay, rendered; its scripts are run on a root of their own."""

    def test_nothing_is_left_open(self) -> None:
        content, said = rendered()
        assert not re.search(r"@[A-Z]+@", yaml.safe_dump(content))
        assert set(content) <= {
            "package_update", "package_upgrade", "packages", "ssh_pwauth", "disable_root", "write_files", "runcmd"
        }  # fmt: skip
        assert {"coturn", "certbot", "nftables", "unattended-upgrades"} <= set(content["packages"])
        assert content["ssh_pwauth"] is False
        assert "turns:turn.clinica.example:443?transport=tcp" in said
        assert "TURN_SECRET=Zx7Qw3Er9Ty1Ui5Op2As8Df4" in said

    def test_the_secret_is_read_by_nobody_else(self, files: dict[str, dict[str, Any]]) -> None:
        holding = [path for path, file in files.items() if "Zx7Qw3Er9Ty1Ui5Op2As8Df4" in file["content"]]
        assert holding == ["/etc/relay/relay.env"]
        assert files["/etc/relay/relay.env"]["permissions"] == "0600"

    def test_the_firewall_opens_what_the_relay_uses(self, files: dict[str, dict[str, Any]]) -> None:
        rules, relay = files["/etc/relay/nftables.conf"]["content"], relay_settings()
        tcp = re.search(r"^ *tcp dport \{ (.+) \} accept$", rules, re.MULTILINE)
        udp = re.search(r"^ *udp dport \{ (.+) \} accept$", rules, re.MULTILINE)
        assert tcp is not None
        assert udp is not None
        assert tcp[1].split(", ") == ["22", "80", "443", relay["listening-port"]]
        assert udp[1].split(", ") == [relay["listening-port"], f"{relay['min-port']}-{relay['max-port']}"]
        assert "policy drop" in rules

    @pytest.mark.parametrize(("own", "external"), [("203.0.113.7", None), ("10.0.0.5", "203.0.113.7/10.0.0.5")])
    def test_it_finds_out_where_it_stands(
        self, files: dict[str, dict[str, Any]], tmp_path: Path, own: str, external: str | None
    ) -> None:
        for path in ("/etc/relay/relay.env", "/etc/relay/base.conf", "/usr/local/sbin/relay-setup"):
            (tmp_path / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path[1:]).write_text(files[path]["content"])
        live = tmp_path / "etc/letsencrypt/live/turn.clinica.example"
        stand_in(tmp_path, "getent", "echo 203.0.113.7 STREAM turn.clinica.example")
        stand_in(tmp_path, "ip", f"echo '192.0.2.1 via 10.0.0.1 dev ens3 src {own} uid 0'")
        stand_in(tmp_path, "certbot", f"mkdir -p {live}; echo c > {live}/fullchain.pem; echo k > {live}/privkey.pem")
        stand_in(tmp_path, "systemctl", f'echo "$@" >> {tmp_path}/said')
        # `install -o turnserver` needs root: the stand-in drops owner and group.
        stand_in(tmp_path, "install", 'while [ "$1" != -m ]; do shift; done; exec /usr/bin/install "$@"')
        for _ in range(2):
            subprocess.run(
                ["/bin/sh", tmp_path / "usr/local/sbin/relay-setup"], check=True,
                env={"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "RELAY_ROOT": str(tmp_path)},
            )  # fmt: skip
        text = (tmp_path / "etc/relay/turnserver.conf").read_text()
        found = dict(re.findall(r"^([a-z-]+)=(\S+)$", text, re.MULTILINE))
        assert found.get("external-ip") == external
        assert found["tls-listening-port"] == "443"
        assert found["realm"] == "turn.clinica.example"
        assert found["cert"].endswith("/etc/relay/fullchain.pem")
        for name in ("tls-listening-port", "realm", "static-auth-secret"):
            assert len(re.findall(rf"^{name}=", text, re.MULTILINE)) == 1
        assert "denied-peer-ip=198.51.100.9" in text
        assert f"allowed-peer-ip={own}" in text
        for line in (ROOT / "infra/coturn/turnserver.conf").read_text().splitlines():
            assert line in text or line.startswith("tls-listening-port") or not re.match(r"[a-z]", line), line
        # A second look changes nothing, and restarts nobody's calls.
        assert (tmp_path / "said").read_text().splitlines() == ["enable coturn", "restart coturn"]

    def test_its_scripts_are_scripts(self, files: dict[str, dict[str, Any]], tmp_path: Path) -> None:
        for path, file in files.items():
            if file["content"].startswith("#!/bin/sh"):
                (tmp_path / "x").write_text(file["content"])
                subprocess.run(["/bin/sh", "-n", tmp_path / "x"], check=True)
                assert file["permissions"] == "0755", path
        nft = shutil.which("nft", path="/usr/sbin:/usr/bin")
        if nft and os.geteuid() == 0:
            (tmp_path / "rules").write_text(files["/etc/relay/nftables.conf"]["content"].replace('"turnserver"', "0"))
            subprocess.run([nft, "--check", "--file", tmp_path / "rules"], check=True)

    @pytest.mark.parametrize(
        "words",
        [
            ["--name", "turn", "--mail", "a@b.example"],
            ["--name", "a.b.example;reboot", "--mail", "a@b.example"],
            ["--name", "turn.b.example", "--mail", "x"],
            ["--name", "turn.b.example", "--mail", "a@b.example", "--deny", "x y"],
        ],
    )
    def test_nonsense_makes_no_machine(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            script("render", "infra/coturn").main(words)
        assert capsys.readouterr().out == ""


def stand_in(root: Path, name: str, body: str) -> None:
    path = root / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
