"""Takes the steps of a Dockerfile on clean Debian roots: each stage a layer over its parent's, as an engine keeps them.

Standard library only, root on Linux. A stage whose steps, parents and copied files are as they were is not done again.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from container import Container
from dockerfile import Stage, Step, environment, lineage, read

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "var" / "proof"
SUITE = re.compile(r"^debian:([a-z]+)-")
MONTH_SECONDS = 30 * 86400
# To be changed when a step is taken in another way than before: what was made by the old one is made anew.
WAY = "2026-11-28"


class Failed(Exception):
    """A step did not do what it should; the text says which."""


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - speaking to the person at the terminal is the job here


class Building:
    """One Dockerfile on its way to being roots under var/proof."""

    def __init__(self, dockerfile: Path) -> None:
        self.stages = read(dockerfile.read_text())
        self._names = {stage.name for stage in self.stages}
        self._ignored = _ignore_rules(ROOT / ".dockerignore")

    def layers(self, name: str) -> list[Path]:
        """The folders that make a stage's root, the oldest first; what is missing or stale is made."""
        chain = lineage(self.stages, name)
        layers = [_debian(chain[0].parent)]
        for stage in chain:
            top = PLACE / stage.name / "layer"
            if stage.steps:
                self._make(stage, [*layers, top])
                layers.append(top)
        return layers

    def _make(self, stage: Stage, layers: list[Path]) -> None:
        sources = {at: self.layers(step.flags["from"]) for at, step in enumerate(stage.steps) if "from" in step.flags}
        stamp = layers[-1].with_name("stamp")
        wanted = self._digest(stage, [*layers[:-1], *(layer for found in sources.values() for layer in found)])
        if stamp.exists() and stamp.read_text() == wanted:
            return
        shutil.rmtree(layers[-1].parent, ignore_errors=True)
        layers[-1].mkdir(parents=True)
        before = lineage(self.stages, stage.name)[:-1]
        env = environment(self.stages, before[-1].name) if before else {}
        folder = next((step.rest for one in reversed(before) for step in reversed(one.all("WORKDIR"))), "/")
        for at, step in enumerate(stage.steps):
            began = time.monotonic()
            if step.does == "WORKDIR":
                folder = step.rest
                self._run(["mkdir", "-p", folder], layers, {}, "/")
            elif step.does == "ENV":
                env |= dict(word.split("=", 1) for word in step.words)
            elif step.does == "RUN":
                self._run(["/bin/sh", "-c", step.rest], layers, env, folder)
            elif step.does == "COPY":
                self._copy(step, layers, folder, sources.get(at))
            if step.does in ("RUN", "COPY"):
                say(f"  {stage.name}: {step.does} {step.rest[:70]} ({time.monotonic() - began:.0f} s)")
        stamp.write_text(wanted)

    @staticmethod
    def _run(command: list[str], layers: list[Path], env: dict[str, str], folder: str) -> None:
        log = layers[-1].with_name("log")
        # A process of its own: the namespaces of a container are entered once and never left.
        child = os.fork()
        if child == 0:
            status = 125
            try:
                kept = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                os.dup2(kept, 1)
                os.dup2(kept, 2)
                status = Container(layers, command, env, folder, building=True).run()
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        if ended := os.waitstatus_to_exitcode(status):
            raise Failed(f"`{' '.join(command)}` ended with status {ended}:\n{log.read_text()[-2000:]}")

    def _copy(self, step: Step, layers: list[Path], folder: str, source: list[Path] | None) -> None:
        """Into the newest layer itself; where a folder is already there below, the overlay joins the two."""
        *names, target = step.words
        inside = Path(folder, target)
        for name in names:
            outside = _in_layers(source, name) if source else ROOT / name
            if not outside.exists():
                raise Failed(f"COPY: there is no {name}")
            into_folder = target.endswith("/") or len(names) > 1
            at = layers[-1] / inside.relative_to("/")
            if outside.is_dir():
                ignore = None if source else self._ignore
                shutil.copytree(outside, at, symlinks=True, dirs_exist_ok=True, ignore=ignore)
            else:
                at = at / outside.name if into_folder else at
                at.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(outside, at)

    def _digest(self, stage: Stage, below: list[Path]) -> str:
        total = hashlib.sha256(WAY.encode())
        for layer in below:
            stamp = layer.with_name("stamp")
            total.update(stamp.read_bytes() if stamp.exists() else str(layer).encode())
        for step in stage.steps:
            total.update(f"{step.does} {step.rest} {step.flags}\n".encode())
            if step.does == "COPY" and "from" not in step.flags:
                for name in step.words[:-1]:
                    for file in self._files(ROOT / name):
                        total.update(f"{file.relative_to(ROOT)} {file.stat().st_mode}\0".encode())
                        total.update(file.read_bytes())
        return total.hexdigest()

    def _files(self, path: Path) -> list[Path]:
        if path.is_file():
            return [path]
        found = []
        for folder, folders, names in os.walk(path):
            gone = self._ignore(folder, [*folders, *names])
            folders[:] = [one for one in folders if one not in gone]
            found += [Path(folder, name) for name in names if name not in gone]
        return sorted(found)

    def _ignore(self, folder: str, names: list[str]) -> set[str]:
        """What `.dockerignore` leaves out of a folder that is copied."""
        inside = Path(folder).relative_to(ROOT)
        return {name for name in names if any(fnmatch.fnmatch(str(inside / name), rule) for rule in self._ignored)}


def _ignore_rules(file: Path) -> list[str]:
    """The rules that leave out something of what is let in; `**/` before a name also means the top."""
    rules = [line for line in file.read_text().splitlines() if line and not line.startswith(("!", "#", "*\n"))]
    return [rule.replace("**/", "*") for rule in rules if rule != "*"]


def _in_layers(layers: list[Path], name: str) -> Path:
    """A path of an earlier stage. Only what one layer holds whole can be copied; ours are made by one stage each."""
    for layer in reversed(layers):
        found = layer / name.lstrip("/")
        if found.exists():
            return found
    raise Failed(f"COPY: no stage made {name}")


def _debian(image: str) -> Path:
    """A clean root of the suite that a `debian:SUITE-...` image is made of, kept for a month."""
    suite = SUITE.match(image)
    if suite is None:
        raise Failed(f"{image} is not Debian's")
    home = PLACE / f"debian-{suite[1]}"
    root, stamp = home / "layer", home / "stamp"
    if stamp.exists() and time.time() - stamp.stat().st_mtime < MONTH_SECONDS:
        return root
    say(f"Making a clean root of Debian {suite[1]} ...")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    program = shutil.which("debootstrap", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise Failed("debootstrap is missing: apt-get install debootstrap")
    with (home / "log").open("w") as log:
        done = subprocess.run(  # noqa: S603 - fixed program
            [program, "--variant=minbase", suite[1], str(root)], stdout=log, stderr=log, check=False
        )
    if done.returncode:
        raise Failed(f"debootstrap failed; its last words are in {home / 'log'}")
    stamp.write_text(f"{image} {time.time():.0f}")
    return root
