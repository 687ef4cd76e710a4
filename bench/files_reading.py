"""Reading a large CSV as checked records, beside pandas and the csv module; memory that does not grow with the file."""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.harness import Row, clock, shell

ROWS = 1_500_000
OURS = """
import json, resource, sys
from pathlib import Path
from convenio.entities.people import PersonRow
from convenio.files.reading import open_reading
reading = open_reading(Path(sys.argv[1]), PersonRow)
rows = sum(each.num_rows for each in reading.batches())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rows": rows, "aside": reading.set_aside, "peak": peak}))
"""
PANDAS = """
import json, resource, sys
import pandas as pd
frame = pd.read_csv(sys.argv[1], dtype=str, encoding="utf-8")
days = pd.to_datetime(frame["Fecha de nacimiento"], format="%d/%m/%Y", errors="coerce")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rows": int(days.notna().sum()), "aside": int(days.isna().sum()), "peak": peak}))
"""
PLAIN = """
import csv, datetime, json, resource, sys
rows = aside = 0
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        try:
            datetime.datetime.strptime(row["Fecha de nacimiento"], "%d/%m/%Y").date()
            rows += 1
        except ValueError:
            aside += 1
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rows": rows, "aside": aside, "peak": peak}))
"""


def made(path: Path, rows: int) -> int:
    """A file of people as it comes, one birth date in a thousand impossible; how many."""
    first, wrong = dt.date(1940, 1, 1), 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Folio", "Nombre completo", "Fecha de nacimiento", "Sexo", "Domicilio"])
        for number in range(rows):
            day = f"{first + dt.timedelta(days=number % 25_000):%d/%m/%Y}"
            if number % 1000 == 999:
                day, wrong = "31/02/1980", wrong + 1
            writer.writerow(
                [number, f"María Elena Núñez {number}", day, "F", f"Calle {number % 977} núm. {number % 83}"]
            )
    return wrong


def measured(code: str, path: Path) -> tuple[float, dict[str, float]]:
    with clock() as taken:
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return taken.cpu, json.loads(done.stdout)


def run(*, quick: bool) -> list[Row]:
    rows = ROWS // 10 if quick else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder) / "people.csv", Path(folder) / "small.csv"
        wrong = made(path, rows)
        made(small, rows // 5)
        size = path.stat().st_size / 1e6
        ours, told = measured(OURS, path)
        _cpu, less = measured(OURS, small)
        pandas, theirs = measured(PANDAS, path)
        plain, third = measured(PLAIN, path)
    assert told["aside"] == theirs["aside"] == third["aside"] == wrong
    assert told["rows"] == rows - wrong
    note = f"{rows:,} rows, {size:.0f} MB; ours reads the dates twice: their order is found out"
    return [
        Row("checked records from CSV", ours, "CPU s", pandas, note=f"{note}; peer: pandas, order of dates given"),
        Row("checked records from CSV, row by row", ours, "CPU s", plain, note="peer: csv.DictReader and strptime"),
        Row("megabytes a CPU second", size / ours, "MB/s", size / pandas, note="peer: pandas"),
        Row("peak memory", told["peak"], "MB", theirs["peak"], note="peer: pandas"),
        Row(
            "growth of peak memory, file five times as large",
            told["peak"] / less["peak"],
            "ratio",
            None,
            "below 1.2: size does not matter",
            told["peak"] / less["peak"] < 1.2,
        ),
    ]


if __name__ == "__main__":
    shell(run)
