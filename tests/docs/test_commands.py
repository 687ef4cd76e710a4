"""Every command that README.md, LEEME.md and docs/ print is run, from the repository's root, in the order of its page."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", ROOT / "LEEME.md", *sorted((ROOT / "docs").glob("e[ns]/*.md"))]
SECONDS = 300


def commands(page: Path) -> list[str]:
    return [block for block in BLOCK.findall(page.read_text(encoding="utf-8")) if block.strip()]


def there(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture
def workplace(tmp_path):
    """A place that looks like the repository's root, where commands may write."""
    for path in ROOT.iterdir():
        if path.name not in {"out", ".git", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}:
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "out").mkdir()
    return tmp_path


@pytest.mark.parametrize("page", [each for each in PAGES if commands(each)], ids=there)
def test_every_printed_command_runs(page, workplace):
    for block in commands(page):
        if block.strip() in {"make demo", "make test"}:
            continue
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=workplace,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**os.environ, "COLUMNS": "120"},
            check=False,
        )
        assert done.returncode == 0, f"{there(page)}:\n{block}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@pytest.mark.parametrize("page", ["README.md", "LEEME.md"])
def test_both_readmes_show_the_two_commands(page):
    assert [each for each in commands(ROOT / page) if each.startswith("make ")] == ["make demo\n", "make test\n"]


def test_make_test_is_what_it_says():
    done = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    for part in ("ruff check", "mypy", "lint-imports", "translations.py check", "-m pytest"):
        assert part in done.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_demo_tells_its_story_stays_up_and_stops_at_ctrl_c():
    process = subprocess.Popen(
        ["make", "demo"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    said: list[str] = []
    until = time.monotonic() + SECONDS
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line or time.monotonic() > until:
                break
        text = "".join(said)
        assert "ruth.analyst" in text, text
        assert text.count("http://localhost:") == 2, text
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.parametrize("page", PAGES, ids=there)
def test_every_link_in_the_docs_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{there(page)} names {target}"


def test_every_page_of_the_docs_has_its_twin():
    """English and Spanish are equals: each has as many pages as the other."""
    assert len(list((ROOT / "docs/en").glob("*.md"))) == len(list((ROOT / "docs/es").glob("*.md")))
