"""Farrington flexible at Noufaily's settings: 1,000 series of 624 weeks, the last 52 monitored, beside R.

R runs in the same run on a few of the series where it is installed (`apt-get install r-base-core
r-cran-surveillance`) and is scaled up; otherwise its recorded 0.499 CPU seconds a series stand beside ours, said so.
"""

from __future__ import annotations

import csv
import gzip
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from bench.harness import DATA, Row, clock, shell
from convenio.programs.early_warning.methods import farrington_flexible

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


def run(*, quick: bool) -> list[Row]:
    counts = series()
    size = 50 if quick else counts.shape[1]
    settings = {"b": 5, "w": 3, "noPeriods": 10, "pastWeeksNotIncluded": 26, "alpha": 0.01}
    points = range(572, 624)
    farrington_flexible(counts[:, 0], range_=points, **settings)
    with clock() as taken:
        found = [farrington_flexible(counts[:, j], range_=points, **settings) for j in range(size)]
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
    counties = 3_144 + 2_469
    return [
        Row(f"{size:,} series × 52 weeks", taken.cpu, "CPU-s", theirs, "≤ 2 s on one core",
            None if quick else taken.cpu <= 2.0, f"{fits:,} fits, {1e6 * taken.cpu / fits:.0f} µs each; {note}"),
        Row("every US county and Mexican municipality, last 52 weeks of ten years, two cores",
            taken.cpu * counties / size / min(2, os.cpu_count() or 1), "s", goal="< 60 s",
            note=f"{counties:,} series, extrapolated from the rate above, not run; so no verdict"),
    ]  # fmt: skip


if __name__ == "__main__":
    shell(run)
