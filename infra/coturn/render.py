"""Writes the cloud-init of a relay to standard output, and what the server needs to know about it to standard error.

    python3 infra/coturn/render.py --name turn.clinica.example --mail voce@clinica.example > relay.yaml

Standard library only. The secret is made anew, or taken from TURN_SECRET; the output holds it.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
# What the machine adds by itself, from its addresses and its certificate.
OWN = ("tls-listening-port", "realm", "static-auth-secret", "external-ip", "cert", "pkey")
SECRET = re.compile(r"[A-Za-z0-9_-]{16,}")


def configuration(text: str, denied: list[str]) -> str:
    """turnserver.conf without what the machine adds, and with more addresses that nobody may be relayed to."""
    kept = [line for line in text.splitlines() if line.split("=")[0].strip() not in OWN]
    return "\n".join([*kept, *(f"denied-peer-ip={address}" for address in denied)]).strip()


def ports(text: str) -> str:
    """The relayed range as nftables writes it."""
    found = dict(re.findall(r"^(min-port|max-port)=(\d+)", text, re.MULTILINE))
    return f"{found['min-port']}-{found['max-port']}"


def render(pattern: str, values: dict[str, str]) -> str:
    """The pattern with every @WORD@ replaced; a value of several lines keeps the indentation of its place."""

    def put(found: re.Match[str]) -> str:
        lines = values[found[2]].splitlines()
        return "\n".join(f"{found[1]}{line}".rstrip() if n else f"{found[1]}{line}" for n, line in enumerate(lines))

    whole = re.sub(r"^( *)@([A-Z]+)@$", put, pattern, flags=re.MULTILINE)
    return re.sub(r"@([A-Z]+)@", lambda found: values[found[1]], whole)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--name", required=True, help="the relay's name in the DNS, as turn.clinica.example")
    parser.add_argument("--mail", required=True, help="where Let's Encrypt writes when something is wrong")
    parser.add_argument("--deny", action="append", default=[], help="an address of the server's; may be given again")
    given = parser.parse_args(arguments)
    secret = os.environ.get("TURN_SECRET") or secrets.token_urlsafe(32)
    for what, good in (
        ("--name", NAME.fullmatch(given.name)),
        ("--mail", MAIL.fullmatch(given.mail)),
        ("TURN_SECRET", SECRET.fullmatch(secret)),
        ("--deny", all(re.fullmatch(r"[0-9A-Fa-f.:]+(-[0-9A-Fa-f.:]+)?", one) for one in given.deny)),
    ):
        if not good:
            parser.error(f"{what} is not right")
    base = (HERE / "turnserver.conf").read_text()
    values = {
        "NAME": given.name,
        "MAIL": given.mail,
        "SECRET": secret,
        "CONFIGURATION": configuration(base, given.deny),
        "PORTS": ports(base),
    }
    pattern = (HERE / "cloud-init.yaml").read_text()
    head = "#cloud-config\n# Rendered by infra/coturn/render.py. It holds the relay's secret.\n"
    body = pattern[pattern.index("package_update:") :]
    sys.stdout.write(head + render(body, values))
    urls = (
        f"turn:{given.name}:3478?transport=udp",
        f"turn:{given.name}:3478?transport=tcp",
        f"turns:{given.name}:443?transport=tcp",
    )
    sys.stderr.write(f"For the server:\nTURN_URLS={','.join(urls)}\nTURN_SECRET={secret}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
