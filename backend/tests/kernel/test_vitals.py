"""The process's own figures: a loop that is late, a certificate that ends."""

from __future__ import annotations

import asyncio
import datetime
import ssl
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from prometheus_client import CollectorRegistry

from teleconsulta.kernel import vitals
from teleconsulta.kernel.vitals import Certificate, LoopLag

NAME = "teleconsulta_certificate_expiry_timestamp_seconds"


async def test_a_loop_that_was_held_up_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "LAG_SECONDS", 0.01)
    registry = CollectorRegistry()
    lag = LoopLag(registry)
    lag.start()
    time.sleep(0.12)  # noqa: ASYNC251 - this is what it is about
    while not registry.get_sample_value("teleconsulta_event_loop_lag_seconds_count"):  # noqa: ASYNC110 - a counter
        await asyncio.sleep(0.005)
    lag.stop()
    assert (registry.get_sample_value("teleconsulta_event_loop_lag_seconds_sum") or 0) > 0.1


async def test_a_certificate_is_seen_as_browsers_see_it(tmp_path: Path) -> None:
    ends = datetime.datetime(2031, 5, 1, 12, tzinfo=datetime.UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    server = await asyncio.start_server(lambda _r, w: w.close(), "localhost", 0, ssl=serving)
    port = server.sockets[0].getsockname()[1]

    registry = CollectorRegistry()
    certificate = Certificate(registry, f"https://localhost:{port}")
    unknown = registry.get_sample_value(NAME)
    assert unknown is not None
    assert unknown != unknown  # NaN
    await certificate.look(ssl.create_default_context(cafile=str(pem)))
    assert registry.get_sample_value(NAME) == ends.timestamp()
    await certificate.look()  # whose own word about itself is not believed
    assert registry.get_sample_value(NAME) == 0
    server.close()
