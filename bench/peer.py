"""Peers: other tools, each installed for the run into an environment of its own, never into ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.harness import OUT

UV = Path(__file__).resolve().parent.parent / ".uv" / "uv"
SECONDS = 900


class NoPeer(RuntimeError):
    """The peer cannot be installed or run here; the figure stands alone and says so."""


def environment(name: str, *packages: str, python: str = sys.executable) -> Path:
    """The interpreter of a peer's own environment, made when it is not there yet.

    Args:
        name: what the environment is called.
        *packages: what goes in, pinned.
        python: the interpreter it is made from.

    Raises:
        NoPeer: it cannot be installed, with the installer's last words.
    """
    home = OUT / "peers" / name
    interpreter = home / "bin" / "python"
    stamp = home / ".packages"
    if interpreter.exists() and stamp.exists() and stamp.read_text() == "\n".join(packages):
        return interpreter
    for command in (
        [str(UV), "venv", "--quiet", "--clear", "--python", python, str(home)],
        [str(UV), "pip", "install", "--quiet", "--python", str(interpreter), *packages],
    ):
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", "") or str(error)
            raise NoPeer(f"{name}: {said.strip().splitlines()[-1] if said.strip() else error}") from error
    stamp.write_text("\n".join(packages))
    return interpreter


def run(interpreter: Path, script: str, *arguments: str) -> Any:
    """Run a script in a peer's environment; it prints one JSON value.

    Raises:
        NoPeer: it failed, with its last words.
    """
    try:
        done = subprocess.run(
            [str(interpreter), "-c", script, *arguments], check=True, capture_output=True, text=True, timeout=SECONDS
        )
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise NoPeer(said.strip().splitlines()[-1][:300] if said.strip() else str(error)) from error
