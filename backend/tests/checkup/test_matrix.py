"""Each setting broken on purpose, one at a time, in a real installation: that one is named, and no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from teleconsulta.cli import main
from teleconsulta.kernel import logging
from tests.checkup.surroundings import MAIL_PASSWORD, REDIS_PASSWORD, SECRETS, Surroundings, standing
from tests.support import SECRET, TURN_SECRET, database_named

pytestmark = pytest.mark.slow

Faults = dict[str, tuple[str, dict[str, str]]]
OTHER_KEY = "".join(reversed(SECRET))
OTHER_TURN_SECRET = "".join(reversed(TURN_SECRET))


def faults(good: Surroundings) -> Faults:
    """What is broken, the line that has to name it, and how it is broken."""
    env, relay, closed = good.env, good.relay, str(good.closed_port)
    udp, tcp, tls = relay.urls()
    return {
        "a port that is no number": ("settings", {"PORT": "eighty"}),
        "no key": ("secret-key", {"SECRET_KEY": ""}),
        "a placeholder as key": ("secret-key", {"SECRET_KEY": "change-me-please-change-me-please-now"}),
        "another key than the server's": ("running", {"SECRET_KEY": OTHER_KEY}),
        "no secret for the relay": ("turn-secret", {"TURN_SECRET": ""}),
        "one secret for both": ("turn-secret", {"TURN_SECRET": SECRET}),
        "another secret than the relay's": ("turn-credential", {"TURN_SECRET": OTHER_TURN_SECRET}),
        "a relay's address that is none": ("turn-urls", {"TURN_URLS": "https://turn.clinica.example"}),
        "UDP on a closed port": ("turn-udp", {"TURN_URLS": f"turn:127.0.0.1:{closed}?transport=udp,{tcp},{tls}"}),
        "TCP on a closed port": ("turn-tcp", {"TURN_URLS": f"{udp},turn:127.0.0.1:{closed}?transport=tcp,{tls}"}),
        "TLS with a certificate nobody knows": (
            "turn-tls",
            {"TURN_URLS": f"{udp},{tcp},turns:127.0.0.1:{good.origins['stranger'].rsplit(':', 1)[1]}"},
        ),
        "a relay into private networks": ("turn-private", {"TURN_URLS": ",".join(good.open_relay.urls())}),
        "a relay without quota": ("turn-quota", {"TURN_URLS": ",".join(good.endless_relay.urls())}),
        "a STUN server that is away": ("stun", {"STUN_URLS": f"stun:127.0.0.1:{closed}"}),
        "no public address": ("public-url", {"PUBLIC_URL": ""}),
        "an insecure public address": ("public-url", {"PUBLIC_URL": env["PUBLIC_URL"].replace("https", "http")}),
        "a public address where nobody is": ("https", {"PUBLIC_URL": good.origins["closed"]}),
        "a proxy without its server": ("https", {"PUBLIC_URL": good.origins["alone"]}),
        "a certificate nobody knows": ("https", {"PUBLIC_URL": good.origins["stranger"]}),
        "a proxy that swallows websockets": ("websocket", {"PUBLIC_URL": good.origins["plain"]}),
        "a proxy that tells of nobody": ("proxies", {"PUBLIC_URL": good.origins["silent"]}),
        "a proxy that is not believed": ("proxies", {"TRUSTED_PROXIES": "10.0.0.0/8"}),
        "everybody is believed": ("proxies", {"TRUSTED_PROXIES": "0.0.0.0/0"}),
        "every origin": ("cors", {"CORS_ORIGINS": "*"}),
        "a database that does not exist": ("database", {"DATABASE_URL": database_named(good.dsn, "missing")}),
        "an old schema": ("schema", {"DATABASE_URL": good.old_dsn}),
        "a wrong password for mail": ("smtp", {"SMTP_URL": env["SMTP_URL"].replace(MAIL_PASSWORD, "errada")}),
        "no mail server": ("smtp", {"SMTP_URL": f"smtps://a:b@127.0.0.1:{closed}"}),
        "a sender that is none": ("mail-from", {"MAIL_FROM": "nobody"}),
        "a wrong password for Redis": ("redis", {"REDIS_URL": env["REDIS_URL"].replace(REDIS_PASSWORD, "errada")}),
        "no Redis": ("redis", {"REDIS_URL": f"redis://127.0.0.1:{closed}/0"}),
        "a key for push that is none": ("push", {"VAPID_PRIVATE_KEY": "bm90IGEga2V5"}),
        "a setting for tests": ("test-settings", {"PUSH_ALLOW_LOOPBACK": "1"}),
        "a folder that cannot be written to": ("disk", {"VAR_DIR": "/proc/nothing"}),
    }


@pytest.mark.timeout(240)
def test_each_broken_setting_is_named_and_nothing_else(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logging, "configure", lambda _format: None)
    with standing(postgres, tmp_path) as good:
        fine = run(good.env)
        found = json.loads(fine.stdout)
        assert (fine.exit_code, complaints(fine)) == (0, []), fine.stdout
        assert {line["id"] for line in found["lines"] if line["state"] == "skipped"} <= {"backup"}
        assert found["seconds"] < 60
        every = faults(good)
        assert len({line for line, _ in every.values()}) >= 16
        results = {name: run(good.env | changes) for name, (_, changes) in every.items()}
        told = run(good.env | {"SECRET_KEY": "short"}, "--lang", "pt-BR", as_json=False)
    assert {name: complaints(result) for name, result in results.items()} == {
        name: [line] for name, (line, _) in every.items()
    }
    assert {name: result.exit_code for name, result in results.items()} == dict.fromkeys(every, 1)
    assert told.exit_code == 1
    assert "ERRADO   Chave secreta (SECRET_KEY): " in told.stdout
    assert "-> Defina SECRET_KEY" in told.stdout
    for result in (fine, told, *results.values()):
        for secret in (*SECRETS, OTHER_KEY, OTHER_TURN_SECRET, "errada"):
            assert secret not in result.output
        assert "Traceback" not in result.output


def run(env: dict[str, str], *arguments: str, as_json: bool = True) -> Result:
    cleared = dict.fromkeys(("DEMO", "PORT", "DEMO_PASSWORD", "VAPID_PRIVATE_KEY", "SECRET_KEY_PREVIOUS"))
    command = ["check", *(["--json"] if as_json else []), *arguments]
    result = CliRunner().invoke(main, command, env={**cleared, **env})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def complaints(result: Result) -> list[str]:
    """The lines that are wrong, by their ids."""
    return [line["id"] for line in json.loads(result.stdout)["lines"] if line["state"] == "wrong"]
