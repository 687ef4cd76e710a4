"""Make the environment in .venv with nothing but a Python and this file.

    python3 tools/bootstrap.py run     what `convenio` needs
    python3 tools/bootstrap.py test    that, and what the checks and tests need

Debian ships venv and pip apart from Python and forbids pip outside an environment, so this asks for neither: it fetches
the wheel of uv that requirements/bootstrap.txt pins by hash, and uv does the rest.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import unittest.mock
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".uv" / ("uv.exe" if os.name == "nt" else "uv")
VENV = ROOT / ".venv"
PIN = ROOT / "requirements" / "bootstrap.txt"
KINDS = ("run", "test")


def main() -> None:
    """Set up for what the first argument names."""
    which = sys.argv[1] if len(sys.argv) > 1 else "run"
    if which in ("-h", "--help"):
        print((__doc__ or "").strip())
        return
    if which not in KINDS or len(sys.argv) > 2:
        stop(f"there is no environment {' '.join(sys.argv[1:])}", f"say one of: {', '.join(KINDS)}")
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        stop(f"Python {platform.python_version()} is not supported", "run make with PYTHON=python3.11, 3.12 or 3.13")
    environment = settings()
    wanted = ROOT / "requirements" / f"{which}.txt"
    stamp, stamped = VENV / f".{which}-stamp", fingerprint(wanted)
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if which == "test":
        system_packages()
    if stamp.exists() and stamp.read_text() == stamped and works(python):
        return
    uv = find_uv(environment)
    if not works(python):
        say("creating .venv")
        run([uv, "venv", "-q", "--clear", "--python", sys.executable, VENV], environment)
    if which == "run" and (VENV / ".test-stamp").exists():
        (VENV / ".test-stamp").unlink()
    say(f"installing requirements/{which}.txt (hashes checked)")
    run([uv, "pip", "sync", "-q", "--python", python, "--require-hashes", wanted], environment)
    run([uv, "pip", "install", "-q", "--python", python, "--no-deps", "--no-build-isolation", "-e", ROOT], environment)
    stamp.write_text(stamped)
    if which == "test":
        (VENV / ".run-stamp").write_text(fingerprint(ROOT / "requirements" / "run.txt"))
    say("ready")


def fingerprint(wanted: Path) -> str:
    """What the environment depends on, as one digest."""
    together = hashlib.sha256(platform.python_version().encode())
    for path in (wanted, ROOT / "pyproject.toml"):
        together.update(path.read_bytes())
    return together.hexdigest()


def works(python: Path) -> bool:
    """Whether the environment's interpreter starts."""
    if not python.exists():
        return False
    return subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0


def settings() -> dict[str, str]:
    """The process environment, with what pip was told passed on to uv in uv's own words."""
    environment = dict(os.environ)
    environment.pop("VIRTUAL_ENV", None)
    for pip_name, uv_name in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")):
        if environment.get(pip_name) and not environment.get(uv_name):
            environment[uv_name] = environment[pip_name]
    environment.setdefault("UV_HTTP_TIMEOUT", "180")
    environment.setdefault("UV_PYTHON_DOWNLOADS", "never")
    environment.setdefault("UV_LINK_MODE", "copy")
    return environment


def find_uv(environment: dict[str, str]) -> Path:
    """The uv that the pin names: fetched before, or by pip, or by the standard library alone."""
    version, hashes = pinned()
    if UV.exists():
        told = subprocess.run([UV, "--version"], check=False, capture_output=True, text=True).stdout.split()
        if told[1:2] == [version]:
            return UV
    say(f"fetching uv {version}")
    with tempfile.TemporaryDirectory() as scratch:
        wheel = by_pip(Path(scratch)) or by_standard_library(Path(scratch), version, hashes, environment)
        if hashlib.sha256(wheel.read_bytes()).hexdigest() not in hashes:
            stop(f"{wheel.name} does not have the pinned hash", "do not use it; look at what answers for the index")
        UV.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheel) as packed:
            inside = next(name for name in packed.namelist() if re.search(r"\.data/scripts/uv(\.exe)?$", name))
            UV.write_bytes(packed.read(inside))
    UV.chmod(0o755)
    return UV


def pinned() -> tuple[str, set[str]]:
    """Version and accepted SHA-256 digests of uv."""
    text = PIN.read_text()
    found = re.search(r"^uv==(\S+)", text, re.MULTILINE)
    if found is None:
        stop(f"{PIN} pins no uv", "restore the file")
    return found[1], set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))


def by_pip(scratch: Path) -> Path | None:
    """The wheel through pip, where this Python has one: it knows the user's index, proxy and certificates."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    done = subprocess.run([*command, "-r", PIN, "-d", scratch], check=False, capture_output=True)
    return next(scratch.glob("uv-*.whl"), None) if done.returncode == 0 else None


def by_standard_library(scratch: Path, version: str, hashes: set[str], environment: dict[str, str]) -> Path:
    """The wheel through the index's JSON interface."""
    address = f"{index(environment).rstrip('/')}/uv/"
    asked = urllib.request.Request(address, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    try:
        with urllib.request.urlopen(asked, timeout=120) as answer:
            files = json.load(answer)["files"]
        fitting = [
            each
            for each in files
            if each["filename"].startswith(f"uv-{version}-")
            and each["hashes"].get("sha256") in hashes
            and re.search(tags(), each["filename"])
        ]
        if not fitting:
            stop(f"uv {version} has no wheel for {platform.machine()}", "install uv yourself as .uv/uv")
        wheel = scratch / fitting[0]["filename"]
        with urllib.request.urlopen(urllib.parse.urljoin(address, fitting[0]["url"]), timeout=120) as answer:
            wheel.write_bytes(answer.read())
    except OSError as error:
        stop(f"the package index did not answer: {error}", "set UV_DEFAULT_INDEX to the index you may use")
    return wheel


def index(environment: dict[str, str]) -> str:
    """The package index: what the user set, or the one that Python's own documentation refers to."""
    chosen = environment.get("UV_DEFAULT_INDEX") or environment.get("PIP_INDEX_URL")
    if chosen:
        return chosen
    known = re.search(r"(https://[a-z.]+)/project/mock", inspect.getsource(unittest.mock))
    if known is None:
        stop("no package index is known", "set UV_DEFAULT_INDEX to the index you may use")
    return f"{known[1]}/simple"


def tags() -> str:
    """A pattern of wheel names that fit this machine."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin":
        return r"macosx_.*" + machine.replace("aarch64", "arm64")
    if os.name == "nt":
        return "win_" + machine.replace("x86_64", "amd64").replace("aarch64", "arm64")
    return rf"(?=.*{'manylinux' if platform.libc_ver()[0] == 'glibc' else 'musllinux'}).*_{machine}\.whl$"


def system_packages() -> None:
    """Chromium and a Java runtime from Debian, for browser and Spark tests; said plainly where that cannot be done."""
    missing = []
    if not any(map(shutil.which, ("chromium", "chromium-browser"))):
        missing.append("chromium")
    if not shutil.which("java"):
        missing.append("default-jre-headless")
    if not missing:
        return
    apt = shutil.which("apt-get")
    before = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo", "-n"]
    if apt and (not before or shutil.which("sudo")):
        say(f"installing {', '.join(missing)} from the system's packages")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
            done = subprocess.run([*before, apt, *arguments], check=False, env=environment, capture_output=True)
            if done.returncode != 0:
                break
        else:
            return
    say(f"could not install {', '.join(missing)}: the tests that need them will be skipped and say so")


def run(command: list[str | Path], environment: dict[str, str]) -> None:
    """Run a command, and stop with its own words when it fails."""
    done = subprocess.run(command, check=False, env=environment)
    if done.returncode != 0:
        stop(f"{Path(command[0]).name} failed ({done.returncode})", "see its message above; nothing else was changed")


def say(text: str) -> None:
    """One line of progress."""
    print(f"set-up: {text}", flush=True)


def stop(what: str, advice: str) -> NoReturn:
    """End with what is wrong and what to do."""
    raise SystemExit(f"set-up: {what}\nadvice: {advice}")


if __name__ == "__main__":
    main()
