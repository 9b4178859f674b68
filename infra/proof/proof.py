"""The image's own steps on a clean Debian root, and what came of them. `make proof` does this and then makes a call.

    proof.py build                    the roots of infra/Dockerfile and others.Dockerfile, under var/proof
    proof.py look                     what an image must and must not hold, seen from inside
    proof.py run MACHINE [--env NAME=VALUE] [--volume INSIDE=OUTSIDE] [--file INSIDE=OUTSIDE] [-- COMMAND ...]

Linux, root, standard library only. Machines: server, all-in-one, relay, database, edge.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from build import PLACE, ROOT, Building, Failed, say
from container import Container
from dockerfile import Stage, environment, last, read

IMAGE, OTHERS = ROOT / "infra" / "Dockerfile", ROOT / "infra" / "proof" / "others.Dockerfile"


@dataclass(frozen=True)
class Machine:
    """`stage` of `dockerfile` is its root. An image's command, user and folder are those of its Dockerfile."""

    dockerfile: Path
    stage: str
    command: tuple[str, ...] = ()
    user: str = ""
    rights: tuple[str, ...] = ()


MACHINES = {
    "server": Machine(IMAGE, "server"),
    "all-in-one": Machine(IMAGE, "all-in-one"),
    "relay": Machine(IMAGE, "all-in-one", ("all-in-one/relay",)),
    "database": Machine(OTHERS, "others", user="postgres"),
    "edge": Machine(OTHERS, "others", user="root", rights=("net_bind_service",)),
}
WANTED = """
test "$(id -u)" = 10001
teleconsulta --version
python -c "import teleconsulta.main"
find /venv -name pg_dump -exec {} --version ';' | grep ' 18'
find /venv -name pg_restore -exec {} --version ';' | grep ' 18'
test -s /app/frontend/dist/index.html
touch /app/var/writable /tmp/writable
if touch /app/not-writable 2>/dev/null; then echo "the root file system can be written to"; exit 1; fi
for tool in cc gcc g++ make npm node pip pip3 git curl wget; do
  if command -v $tool; then echo "$tool is in the image"; exit 1; fi
done
grep -q '^CapBnd:.0*$' /proc/self/status
grep -q '^NoNewPrivs:.1' /proc/self/status
"""


def build() -> None:
    kept = {}
    for dockerfile in (IMAGE, OTHERS):
        building = Building(dockerfile)
        for stage in {machine.stage for machine in MACHINES.values() if machine.dockerfile == dockerfile}:
            kept[stage] = [str(layer) for layer in building.layers(stage)]
    (PLACE / "layers.json").write_text(json.dumps(kept))


def look() -> int:
    """Zero when both images are as they should be."""
    script = f"set -eu\n{WANTED}"
    volume = PLACE / "looked"
    volume.mkdir(exist_ok=True)
    os.chown(volume, 10001, 10001)
    return made("server", ["/bin/sh", "-c", script], {}, {"/app/var": volume}, {}).run()


def made(
    name: str, command: list[str], env: dict[str, str], volumes: dict[str, Path], files: dict[str, Path]
) -> Container:
    """A machine that is ready to run."""
    machine = MACHINES[name]
    layers = [Path(layer) for layer in json.loads((PLACE / "layers.json").read_text())[machine.stage]]
    if machine.dockerfile != IMAGE:
        return Container(layers, command, env, user=machine.user, rights=machine.rights, volumes=volumes, files=files)
    stages = read(IMAGE.read_text())
    return Container(
        layers,
        command or list(machine.command) or last(stages, machine.stage, "CMD").words,
        environment(stages, machine.stage) | env,
        folder(stages, machine.stage),
        last(stages, machine.stage, "USER").rest,
        read_only=True,
        volumes=volumes,
        files=files,
    )


def folder(stages: list[Stage], name: str) -> str:
    return last(stages, name, "WORKDIR").rest


def pairs(said: list[str]) -> dict[str, str]:
    return dict(one.split("=", 1) for one in said)


def main() -> int:
    parser = argparse.ArgumentParser(description="The image's own steps on a clean Debian root.")
    commands = parser.add_subparsers(dest="does", required=True)
    commands.add_parser("build")
    commands.add_parser("look")
    running = commands.add_parser("run")
    running.add_argument("machine", choices=sorted(MACHINES))
    for option in ("--env", "--volume", "--file"):
        running.add_argument(option, action="append", default=[])
    at = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    command = sys.argv[at + 1 :]
    asked = parser.parse_args(sys.argv[1:at])
    if sys.platform != "linux" or os.geteuid() != 0:
        sys.exit("The proof needs root on Linux.")
    if asked.does == "build":
        build()
        return 0
    if asked.does == "look":
        return look()
    volumes = {inside: Path(outside) for inside, outside in pairs(asked.volume).items()}
    files = {inside: Path(outside) for inside, outside in pairs(asked.file).items()}
    return made(asked.machine, command, pairs(asked.env), volumes, files).run()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failure:
        say(f"proof: {failure}")
        sys.exit(1)
