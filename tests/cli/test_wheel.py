"""The wheel: what it carries, and that it runs without the checkout, in Spanish too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = ("graph.js", "us-states.shapes.json", "us-counties.shapes.json", "mx-states.shapes.json")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of a copy of the checkout; the bundle of page modules stands there as empty files, since npm makes it."""
    pytest.importorskip("hatchling")
    copy = tmp_path_factory.mktemp("checkout")
    left_out = shutil.ignore_patterns("__pycache__", "*.mo", "assets")
    shutil.copytree(ROOT / "src", copy / "src", ignore=left_out)
    for each in ("pyproject.toml", "README.md", "LICENSE", "hatch_build.py"):
        shutil.copy(ROOT / each, copy / each)
    assets = copy / "src" / "convenio" / "web" / "assets"
    assets.mkdir()
    for each in MADE:
        (assets / each).write_text("", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(copy / "dist")],
        cwd=copy,
        check=True,
        capture_output=True,
    )
    (made,) = (copy / "dist").glob("*.whl")
    return made


def test_the_wheel_carries_every_file_that_is_read_at_run_time(wheel):
    with zipfile.ZipFile(wheel) as held:
        names = set(held.namelist())
    for path in (ROOT / "src" / "convenio").rglob("*"):
        within = path.relative_to(ROOT / "src").as_posix()
        if not path.is_file() or "__pycache__" in within or within.startswith("convenio/web/assets/"):
            continue
        assert within in names, within
        if path.suffix == ".po":
            assert within.removesuffix(".po") + ".mo" in names, within
    assert {f"convenio/web/assets/{each}" for each in MADE} <= names


def test_the_wheel_runs_without_the_checkout_in_both_languages(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as held:
        held.extractall(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONSAFEPATH": "1"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "convenio", *arguments],
            cwd=tmp_path,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [sys.executable, "-c", "import convenio; print(convenio.__file__)"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert where.startswith(str(tmp_path))
    assert "Look at a file" in run("check", "--help")
    assert "Revisar un archivo" in run("--lang", "es", "check", "--help")
    people = tmp_path / "gente.csv"
    people.write_text("Nombre completo,CURP\nAna Ruiz,\n", encoding="utf-8")
    assert "Nombre completo" in run("--lang", "es", "check", str(people), "--as", "person")
