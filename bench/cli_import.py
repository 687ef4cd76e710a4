"""What `convenio --help` imports and costs, beside a bare Python and beside importing the table libraries."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys

from bench.harness import Row, shell

HEAVY = ("pyarrow", "numpy", "duckdb", "fastapi", "sqlalchemy", "openpyxl", "numba", "splink", "pandas")
HELP = (
    "import sys; sys.argv = ['convenio', '--help']\n"
    "from convenio.cli.main import main\n"
    "try: main()\n"
    "except SystemExit: pass\n"
    "import json; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
)
TABLES = "import pyarrow, duckdb, fastapi, sqlalchemy, openpyxl"


def cpu(code: str, times: int) -> tuple[float, str]:
    """Median CPU seconds of a fresh Python that runs `code`, and what it said on standard error."""
    taken, said = [], ""
    for _each in range(times):
        before = os.times()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        after = os.times()
        taken.append(after.children_user + after.children_system - before.children_user - before.children_system)
        said = done.stderr
    return statistics.median(taken), said


def run(*, quick: bool) -> list[Row]:
    times = 3 if quick else 9
    cpu(HELP, 1)
    ours, said = cpu(HELP, times)
    bare, _said = cpu("pass", times)
    typer, _said = cpu("import typer, rich.console", times)
    tables, _said = cpu(TABLES, times)
    modules = set(json.loads(said.strip().splitlines()[-1]))
    heavy = sorted(modules & set(HEAVY))
    return [
        Row("convenio --help", ours, "CPU s", bare, note="peer: a Python that does nothing"),
        Row("convenio --help beside its own toolkit", ours, "CPU s", typer, note="peer: import typer, rich.console"),
        Row(
            "convenio --help beside the table libraries",
            ours,
            "CPU s",
            tables,
            "half of them",
            ours < tables / 2,
            TABLES,
        ),
        Row("heavy libraries imported", len(heavy), "libraries", None, "none", not heavy, ", ".join(heavy)),
        Row("modules imported", len(modules), "modules"),
    ]


if __name__ == "__main__":
    shell(run)
