"""A file larger than memory, checked as people: `CONVENIO_BIG_GB=10` for the ten gigabytes of the claim; 1 without."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from bench.files_reading import OURS, made, measured
from bench.harness import Row, shell

PART_ROWS = 1_000_000


def repeated(path: Path, size: float) -> int:
    """A file of about `size` gigabytes: one part with a heading, then its rows again and again; how many parts."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        part = Path(folder) / "part.csv"
        made(part, PART_ROWS)
        heading, _end, rows = part.read_bytes().partition(b"\n")
    parts = max(1, round(size * 1e9 / len(rows)))
    with path.open("wb") as out:
        out.write(heading + b"\n")
        for _each in range(parts):
            out.write(rows)
    return parts


def run(*, quick: bool) -> list[Row]:
    size = 0.2 if quick else float(os.environ.get("CONVENIO_BIG_GB", "1"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        parts = repeated(path, size)
        real = path.stat().st_size / 1e9
        cpu, told = measured(OURS, path)
    assert told["rows"] + told["aside"] == parts * PART_ROWS, json.dumps(told)
    note = (
        f"{parts * PART_ROWS:,} rows, {real:.1f} GB, {told['aside']:,.0f} set aside; no peer: pandas needs the memory"
    )
    return [
        Row("checked records from a huge CSV", cpu, "CPU s", note=note),
        Row("peak memory on it", told["peak"], "MB", goal="below 1,000 whatever the size", met=told["peak"] < 1000),
    ]


if __name__ == "__main__":
    shell(run)
