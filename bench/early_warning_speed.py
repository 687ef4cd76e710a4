"""Farrington flexible at Noufaily's settings: 1,000 series of 624 weeks, the last 52 monitored, beside R.

R runs in the same run on a few of the series where it is installed (`apt-get install r-base-core
r-cran-surveillance`) and is scaled up; otherwise its recorded 0.499 CPU seconds a series stand beside ours, said so.
Then every US county and Mexican municipality (3,144 and 2,469 series of ten years, their last 52 weeks) on two threads,
as arrays and through the declared method, and 100,000 series in parts with the memory that took. The first call of a
fresh installation compiles the kernels; later processes read them from disk.
"""

from __future__ import annotations

import csv
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.harness import DATA, Row, clock, shell
from convenio.programs.early_warning.methods import detect, farrington_flexible, farrington_flexible_many
from convenio.programs.early_warning.schema import Count

FOLDER = DATA / "early_warning" / "r_surveillance"
RECORDED = 0.499
R_SCRIPT = """
suppressMessages(library(surveillance))
d <- as.matrix(read.csv(gzfile(commandArgs(TRUE)[1])))
d <- d[, sapply(1:ncol(d), function(j) is.numeric(d[, j])), drop = FALSE]
n <- as.integer(commandArgs(TRUE)[2])
started <- proc.time()
for (j in 1:n) {
  s <- sts(observed = d[, ncol(d) - n + j, drop = FALSE], freq = 52, start = c(2000, 1))
  farringtonFlexible(s, list(range = 573:624, b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE,
    weightsThreshold = 2.58, trend = TRUE, pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.01,
    limit54 = c(5, 4)))
}
cat(sum((proc.time() - started)[c(1, 2)]))
"""


def series() -> np.ndarray:
    with gzip.open(FOLDER / "timing_input_624w.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    values = np.array([[float(each) for each in row] for row in rows[1:]])
    return values[:, -1000:] if values.shape[1] >= 1000 else values[-1000:].T


SETTINGS: dict[str, Any] = {"b": 5, "w": 3, "noPeriods": 10, "pastWeeksNotIncluded": 26, "alpha": 0.01}
MINUTE = "under a minute: < 60, which one idle core does"
PLACES, WEEKS = 3_144 + 2_469, 520
FIRST_CALL = """
import time, numpy as np
from convenio.programs.early_warning.methods import farrington_flexible
start = time.perf_counter()
farrington_flexible(np.ones(400), range_=[399], thresholdMethod="METHOD")
print(time.perf_counter() - start)
"""
MANY = """
import datetime as dt, resource, sys, numpy as np, pyarrow as pa
from convenio.programs.early_warning.methods import detect_in_parts
from convenio.programs.early_warning.schema import Count
size, weeks, block = int(sys.argv[1]), 275, 1000
days = np.datetime64("2019-01-07") + 7 * np.arange(weeks)
def batches():
    draw = np.random.default_rng(9)
    for first in range(0, size, block):
        counts = draw.poisson(draw.gamma(1.0, 4.0, (block, 1)), (block, weeks)).astype(np.int64)
        held = {
            "series": pa.array(np.repeat([f"{i:06d}" for i in range(first, first + block)], weeks)),
            "period": pa.array(np.tile(days, block).astype("datetime64[D]")),
            "observed": pa.array(counts.ravel()),
        }
        schema = Count.arrow_schema()
        yield pa.table({f.name: held.get(f.name, pa.nulls(block * weeks, f.type)) for f in schema}, schema=schema)
found = detect_in_parts(batches(), only_alarms=True)
print(found.num_rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def run(*, quick: bool) -> list[Row]:
    return [_beside_r(quick=quick), *_every_place(quick=quick), _many(quick=quick), *_first_calls()]


def _beside_r(*, quick: bool) -> Row:
    counts = series()
    size = 50 if quick else counts.shape[1]
    points = range(572, 624)
    farrington_flexible(counts[:, 0], range_=points, **SETTINGS)
    with clock() as taken:
        found = [farrington_flexible(counts[:, j], range_=points, **SETTINGS) for j in range(size)]
    fits = sum(len(each.upperbound) for each in found)
    theirs, note = RECORDED * size, "R's CPU seconds as recorded on this kind of machine; R is not installed here"
    rscript = shutil.which("Rscript")
    if rscript and not quick:
        part = 8
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "part.R"
            script.write_text(R_SCRIPT, encoding="utf-8")
            done = subprocess.run(
                [rscript, str(script), str(FOLDER / "timing_input_624w.csv.gz"), str(part)],
                capture_output=True, text=True, timeout=600, check=False,
            )  # fmt: skip
        if done.returncode == 0 and done.stdout.strip():
            theirs = float(done.stdout.strip().split()[-1]) * size / part
            note = f"R run on {part} of the series in this run and scaled up"
        else:
            note += f"; R failed: {done.stderr.strip()[-120:]}"
    return Row(
        f"{size:,} series × 52 weeks", taken.cpu, "CPU-s", theirs, "≤ 2 s on one core",
        None if quick else taken.cpu <= 2.0, f"{fits:,} fits, {1e6 * taken.cpu / fits:.0f} µs each; {note}",
    )  # fmt: skip


def _every_place(*, quick: bool) -> list[Row]:
    draw = np.random.default_rng(21)
    size = 200 if quick else PLACES
    counts = draw.poisson(draw.gamma(1.0, 4.0, (size, 1)), (size, WEEKS)).astype(np.float64)
    points = range(WEEKS - 52, WEEKS)
    rows = []
    for method in ("nbPlugin", "midp"):
        farrington_flexible_many(counts[:1], range_=points, thresholdMethod=method)
        with clock() as taken:
            found = farrington_flexible_many(counts, range_=points, thresholdMethod=method, threads=2)
        rows.append(
            Row(f"every US county and Mexican municipality, ten years weekly, last 52 weeks, {method}", taken.cpu,
                "CPU-s", goal=MINUTE, met=None if quick else taken.cpu < 60,
                note=f"{size:,} series, {found.upperbound.size:,} fits; {taken.wall:.1f} s wall on two threads under "
                f"load {os.getloadavg()[0]:.1f}")
        )  # fmt: skip
    table = _table(counts)
    detect(table.slice(0, 3 * WEEKS))
    with clock() as taken:
        answer = detect(table, last=52, b=5)
    rows.append(
        Row("the same through `detect`, from a table of rows to ranked alarms", taken.cpu, "CPU-s",
            goal=MINUTE, met=None if quick else taken.cpu < 60,
            note=f"{table.num_rows:,} rows in, {answer.num_rows:,} out; {taken.wall:.1f} s wall under load "
            f"{os.getloadavg()[0]:.1f}")
    )  # fmt: skip
    return rows


def _table(counts: np.ndarray) -> pa.Table:
    size, weeks = counts.shape
    days = np.datetime64("2014-01-06") + 7 * np.arange(weeks)
    held = {
        "series": pa.array(np.repeat([f"{10_000 + i}" for i in range(size)], weeks)),
        "period": pa.array(np.tile(days, size).astype("datetime64[D]")),
        "observed": pa.array(counts.ravel().astype(np.int64)),
    }
    schema = Count.arrow_schema()
    return pa.table({f.name: held.get(f.name, pa.nulls(size * weeks, f.type)) for f in schema}, schema=schema)


def _many(*, quick: bool) -> Row:
    size = 2_000 if quick else 100_000
    with clock() as taken:
        alarms, held = python(MANY, str(size)).split()
    return Row(
        f"{size:,} series of 275 weeks, `detect_in_parts`, last week: most memory held", float(held), "MB",
        goal="< 2,000 MB", met=None if quick else float(held) < 2_000,
        note=f"{size * 275:,} rows, made as they are read; {int(alarms):,} alarms; {taken.cpu:.0f} CPU-s, "
        f"{taken.wall:.0f} s wall on a machine of {os.cpu_count()} cores under load {os.getloadavg()[0]:.1f}",
    )  # fmt: skip


def _first_calls() -> list[Row]:
    with tempfile.TemporaryDirectory() as cache:
        cold = float(python(FIRST_CALL.replace("METHOD", "midp"), NUMBA_CACHE_DIR=cache))
        warm = float(python(FIRST_CALL.replace("METHOD", "midp"), NUMBA_CACHE_DIR=cache))
    return [
        Row("first call of a process: kernels compiled", cold, "s", note="once per installation"),
        Row("first call of a process: kernels read from the cache", warm, "s"),
    ]


def python(code: str, *words: str, **environment: str) -> str:
    """What a Python process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *words], capture_output=True, text=True, check=True, timeout=1500,
        env={**os.environ, **environment},
    )  # fmt: skip
    return done.stdout.strip()


if __name__ == "__main__":
    shell(run)
