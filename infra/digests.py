"""Asks the registries about every image that is named here by tag and digest. Needs docker with buildx; CI runs it.

    python3 infra/digests.py            fails when a digest is unknown; says when a tag has been built anew since
    python3 infra/digests.py --renew    writes the digests that the tags have now into the files

A digest that nobody serves would break the build, or be a forgery; a tag that moved on is only old. Standard library
only.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = re.compile(r"\b([a-z0-9][a-z0-9./-]*):([\w.-]+)@(sha256:[0-9a-f]{64})")


def files() -> list[Path]:
    """Where images are named."""
    return [ROOT / "docker-compose.yml", *sorted((ROOT / "infra").rglob("*Dockerfile"))]


def references() -> set[tuple[str, str, str]]:
    """(name, tag, digest) of every image."""
    return {found for file in files() for found in REFERENCE.findall(file.read_text())}


def digest_of(reference: str) -> str | None:
    """What the registry says, None when it knows no such image."""
    command = ["docker", "buildx", "imagetools", "inspect", reference, "--format", "{{.Manifest.Digest}}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own references
    return done.stdout.strip() or None if done.returncode == 0 else None


def main(renew: bool) -> int:
    unknown = 0
    for name, tag, digest in sorted(references()):
        now = digest_of(f"{name}:{tag}")
        if digest_of(f"{name}@{digest}") != digest:
            unknown += 1
            say(f"UNKNOWN  {name}:{tag}: nobody serves {digest}; the tag is {now}")
        elif now != digest:
            say(f"moved    {name}:{tag}: built anew as {now}")
        else:
            say(f"ok       {name}:{tag}")
        if renew and now and now != digest:
            for file in files():
                file.write_text(file.read_text().replace(f"{name}:{tag}@{digest}", f"{name}:{tag}@{now}"))
    return 1 if unknown and not renew else 0


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - speaking to the person at the terminal is the job here


if __name__ == "__main__":
    sys.exit(main("--renew" in sys.argv[1:]))
