"""docker-compose.yml keeps its promises: nothing open or writable that need not be, no secret written down."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from teleconsulta.kernel.settings import Settings
from tests.deployment.test_images import digests
from tests.support import BACKEND

ROOT = BACKEND.parent
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WRITABLE = {"data": "app", "database": "db", "caddy": "caddy"}
SECRETS = {"POSTGRES_PASSWORD", "SECRET_KEY", "TURN_SECRET"}


def test_one_command_brings_a_clinic_and_profiles_bring_the_rest() -> None:
    profiles = {name: service.get("profiles", []) for name, service in SERVICES.items()}
    assert {name for name, wanted in profiles.items() if not wanted} == {"app", "db", "caddy", "coturn"}
    assert {name: wanted for name, wanted in profiles.items() if wanted} == {"redis": ["scale"], "mailpit": ["dev"]}


@pytest.mark.parametrize("name", SERVICES)
class TestEveryService:
    def test_it_is_named_by_version_and_digest_or_built_here(self, name: str) -> None:
        service = SERVICES[name]
        if "build" in service:
            assert (ROOT / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        else:
            reference = digests.REFERENCE.fullmatch(service["image"])
            assert reference is not None
            assert re.search(r"\d+\.\d+", reference[2])

    def test_it_has_no_rights_to_spare(self, name: str) -> None:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert set(service.get("cap_add", [])) <= {"NET_BIND_SERVICE"}
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not {"privileged", "pid", "ipc", "devices"} & set(service)

    def test_it_comes_back_and_does_not_fill_the_disk(self, name: str) -> None:
        assert SERVICES[name]["restart"] == "unless-stopped"
        assert set(SERVICES[name]["logging"]["options"]) == {"max-size", "max-file"}

    def test_it_says_how_it_is(self, name: str) -> None:
        # The server's own check is in its image.
        assert "healthcheck" in SERVICES[name] or "build" in SERVICES[name]

    def test_it_writes_only_where_it_is_meant_to(self, name: str) -> None:
        for volume in SERVICES[name].get("volumes", []):
            source, _, options = volume.partition(":")
            if source.startswith("./"):
                assert (ROOT / source).is_file()
                assert options.endswith(":ro")
            else:
                assert WRITABLE[source] == name


def test_every_volume_is_somebodys() -> None:
    assert set(COMPOSE["volumes"]) == set(WRITABLE)


def test_only_the_edge_and_the_relay_are_reached_from_outside() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    open_doors = {name for name, doors in ports.items() if not all(door.startswith("127.0.0.1:") for door in doors)}
    assert open_doors == {"caddy"}
    assert [name for name, service in SERVICES.items() if "network_mode" in service] == ["coturn"]


def test_the_database_speaks_with_the_server_alone() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["db"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert [name for name, service in SERVICES.items() if "inside" in service.get("networks", [])] == [
        "app", "db", "redis",
    ]  # fmt: skip


def test_the_server_believes_the_network_it_shares_with_its_proxy() -> None:
    (subnet,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    assert SERVICES["app"]["environment"]["TRUSTED_PROXIES"] == f"${{TRUSTED_PROXIES:-{subnet['subnet']}}}"


def test_no_secret_is_written_down_and_each_is_asked_for() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+):\?", TEXT)) == SECRETS | {"PUBLIC_HOST", "TURN_EXTERNAL_IP"}
    for line in TEXT.splitlines():
        if re.search(r"(PASSWORD|SECRET|secret)", line) and not line.lstrip().startswith("#"):
            assert "$" in line
    for name in SECRETS:
        assert f"${{{name}:-" not in TEXT


def test_it_sets_only_what_the_server_knows() -> None:
    known = {name.upper() for name in Settings.model_fields}
    assert set(SERVICES["app"]["environment"]) <= known
    assert SERVICES["app"]["environment"]["PUBLIC_URL"].startswith("https://")


def test_what_it_needs_of_the_environment_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    for name in set(re.findall(r"\$\{([A-Z_]+)", TEXT)):
        assert re.search(rf"^#?{name}=", example, re.MULTILINE), name


def test_the_relay_is_told_what_the_server_tells_browsers() -> None:
    relay = {word.split("=")[0]: word for word in SERVICES["coturn"]["command"]}
    assert "${TURN_SECRET:?" in relay["--static-auth-secret"]
    port = re.search(r"^listening-port=(\d+)$", (ROOT / "infra/coturn/turnserver.conf").read_text(), re.MULTILINE)
    assert port is not None
    assert SERVICES["app"]["environment"]["TURN_URLS"].count(f":{port[1]}?transport=") == 2


def test_the_edge_sends_people_to_the_server() -> None:
    caddy = (ROOT / "infra/caddy/Caddyfile").read_text()
    assert f"reverse_proxy app:{SERVICES['app']['environment']['PORT']}" in caddy
    assert "read_header" in caddy  # what an application server has no patience for: docs/limits.md, slow requests
