"""Every command that README.md and LEEME.md print is run; `make demo` and `make test` are what they say."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time

import pytest

from tests.docs.printed import READMES, ROOT, SECONDS, commands, run_every_command, there


@pytest.mark.parametrize("page", READMES, ids=there)
def test_every_printed_command_runs(page, tmp_path):
    run_every_command(page, tmp_path)


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
