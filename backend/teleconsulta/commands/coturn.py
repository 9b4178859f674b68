"""`teleconsulta coturn-config`: writes turnserver.conf for this installation's settings."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from teleconsulta import serve as server
from teleconsulta.kernel.settings import Settings
from teleconsulta.turn.coturn import Coturn, Unusable, render
from teleconsulta.turn.quota import CALLS, WAYS
from teleconsulta.turn.urls import IceUrl


@click.command("coturn-config")
@click.option("--external-ip", "external", envvar="TURN_EXTERNAL_IP", default="", help="PUBLIC, or PUBLIC/PRIVATE.")
@click.option("--realm", envvar="TURN_REALM", default="", help="Name of the relay; default: that of TURN_URLS.")
@click.option("--cert", "certificate", envvar="TURN_CERT", default="", help="Certificate with its chain (PEM).")
@click.option("--pkey", "key", envvar="TURN_PKEY", default="", help="Its key (PEM), readable by coturn's account.")
@click.option("--port", type=click.IntRange(1, 65535), help="UDP and TCP; default: that of TURN_URLS, else 3478.")
@click.option("--tls-port", type=click.IntRange(1, 65535), help="TLS; default: that of TURN_URLS, else 5349.")
@click.option("--ports", default="49152-49999", show_default=True, help="Range of relayed ports (UDP).")
@click.option("--calls", type=click.IntRange(1, 1000), default=CALLS, show_default=True, help="Of four, at one time.")
@click.option("--listen", multiple=True, help="An address of this machine to use; may be given again. Default: all.")
@click.option("--deny", multiple=True, help="A further address or network nobody is relayed to; may be given again.")
def coturn_config(
    external: str,
    realm: str,
    certificate: str,
    key: str,
    port: int | None,
    tls_port: int | None,
    ports: str,
    calls: int,
    listen: tuple[str, ...],
    deny: tuple[str, ...],
) -> None:
    """Write coturn's configuration to standard output. It holds TURN_SECRET: keep it from others' eyes."""
    settings = server.read_settings()
    if not settings.turn_secret:
        raise server.Misconfigured("TURN_SECRET is missing: it is what server and relay have in common.")
    if weak := [one for one in settings.complaints() if one.startswith("TURN_SECRET")]:
        raise server.Misconfigured("\n".join(weak))
    if bool(certificate) != bool(key):
        raise server.Refusal("--cert and --pkey belong together.")
    urls = _relays(settings)
    first, _, last = ports.partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        raise server.Refusal("--ports is a range like 49152-49999.")
    relay = Coturn(
        secrets=tuple(one for one in (settings.turn_secret, settings.turn_secret_previous) if one),
        realm=realm or (urls[0].host if urls else urlsplit(settings.origin).hostname or ""),
        external=external,
        certificate=certificate,
        key=key,
        port=port or next((url.port for url in urls if url.way != "tls"), 3478),
        tls_port=tls_port or next((url.port for url in urls if url.way == "tls"), 5349),
        ports=(int(first), int(last)),
        calls=calls,
        ways=_ways(urls),
        listen=listen,
        denied=deny,
    )
    try:
        click.echo(render(relay), nl=False)
    except Unusable as error:
        raise server.Refusal(str(error)) from None


def _relays(settings: Settings) -> list[IceUrl]:
    try:
        return [IceUrl.parse(url) for url in settings.turn_urls]
    except ValueError as error:
        raise server.Misconfigured(f"TURN_URLS is not understood: {error}.") from None


def _ways(urls: list[IceUrl]) -> int:
    """How many addresses the relay has that has the most: the first one's sister has a quota of its own."""
    return max((sum(other.host == url.host for other in urls) for url in urls), default=WAYS)
