"""Runs every command that a page prints, from a place that looks like the repository's root, in the order of the page."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
READMES = [ROOT / "README.md", ROOT / "LEEME.md"]
PAGES = sorted((ROOT / "docs").glob("e[ns]/*.md"))
SECONDS = 300


def commands(page: Path) -> list[str]:
    return [block for block in BLOCK.findall(page.read_text(encoding="utf-8")) if block.strip()]


def there(page: Path) -> str:
    return str(page.relative_to(ROOT))


def run_every_command(page: Path, folder: Path) -> None:
    """Run a page's commands in a folder where they may write; the two of `make` have tests of their own."""
    for path in ROOT.iterdir():
        if path.name not in {"out", ".git", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}:
            (folder / path.name).symlink_to(path)
    (folder / "out").mkdir()
    for block in commands(page):
        if block.strip() in {"make demo", "make test"}:
            continue
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**os.environ, "COLUMNS": "120"},
            check=False,
        )
        assert done.returncode == 0, f"{there(page)}:\n{block}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
