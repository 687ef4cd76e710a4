"""Make further conformance cases with R's `surveillance`, over wide ranges of every argument.

`.venv/bin/python -m bench.conformance.r_surveillance_cases DIR [--seed 1] [--cases 300] [--inputs FOLDER]` draws inputs
and settings, runs R on them (`apt-get install r-base-core r-cran-surveillance`) and writes DIR in the form that
`bench.conformance.r_surveillance` reads. Inputs are simulated (quiet and busy series, seasons, trends, outbreaks,
stretches of zeros, missing counts, populations); `--inputs` adds every `input_*.csv` of a folder. Cases that R itself
refuses are left out and counted.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

MONTHLY = {"input_rotaBB_1.csv"}
HEAD = """
suppressMessages(library(surveillance))
options(warn = -1)
one <- function(id, file, freq, dated, kind, control) {
  d <- read.csv(file)
  n <- matrix(d$observed)
  people <- matrix(d$population)
  s <- if (dated) sts(observed = n, epoch = as.Date(d$epoch), frequency = freq, population = people)
       else sts(observed = n, frequency = freq, start = c(2000, 1), population = people)
  res <- tryCatch({
    if (kind == "algo.cdc") {
      r <- algo.cdc(sts2disProg(s), control)
      data.frame(t = control$range, upperbound = as.numeric(r$upperbound), alarm = as.numeric(r$alarm))
    } else {
      r <- do.call(kind, c(list(s, control), if (kind %in% c("farringtonFlexible", "earsC")) NULL
        else list(verbose = FALSE)))
      data.frame(t = control$range, upperbound = as.numeric(upperbound(r)), alarm = as.numeric(alarms(r)))
    }
  }, error = function(e) conditionMessage(e))
  if (is.character(res)) { cat(id, "ERROR", res, "\\n"); return(invisible()) }
  res$upperbound <- sprintf("%.17g", res$upperbound)
  write.csv(res, paste0(id, ".csv"), row.names = FALSE, quote = FALSE)
}
"""


@dataclass(frozen=True)
class Input:
    """One series: its file, time points in a year, length, whether its epochs are dates."""

    file: str
    freq: int
    size: int
    dated: bool
    busy: bool = False


def simulated(folder: Path, number: int, draw: np.random.Generator) -> Input:
    """Write one simulated series."""
    freq = int(draw.choice([52, 52, 52, 12]))
    size = int(draw.integers(6 * freq, 12 * freq))
    t = np.arange(size)
    level = float(draw.choice([0.2, 1.0, 4.0, 15.0, 80.0, 1500.0]))
    season = draw.choice([0.0, 0.5, 1.2]) * np.cos(2 * np.pi * (t - draw.integers(freq)) / freq)
    mean = level * np.exp(season + draw.choice([0.0, 0.0, 0.4, -0.4]) * t / (5 * freq))
    population = np.full(size, 1.0)
    if draw.random() < 0.5:
        population = np.round(draw.choice([2e4, 3e6]) * np.exp(0.3 * draw.random() * t / size))
        mean = mean * population / population.mean()
    phi = float(draw.choice([1.0, 1.5, 4.0]))
    counts = draw.poisson(mean) if phi == 1.0 else draw.negative_binomial(mean / (phi - 1.0), 1.0 / phi)
    observed = counts.astype(np.float64)
    for start in draw.integers(0, size - 6, size=int(draw.integers(0, 8))):
        observed[start : start + 5] += draw.poisson(3.0 * np.sqrt(phi * mean[start]) + 1.0, size=5)
    if draw.random() < 0.2:
        start = int(draw.integers(0, size - 20))
        observed[start : start + int(draw.integers(3, 60))] = 0.0
    if draw.random() < 0.15:
        observed[draw.integers(0, size, size=6)] = np.nan
    dated = bool(draw.random() < 0.5)
    first = dt.date(2001, 1, 1)
    epochs = [_epoch(first, int(i), freq) if dated else str(int(i) + 1) for i in t]
    name = f"input_made_{number:03d}.csv"
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["t", "epoch", "observed", "population"])
        for i in t:
            count = "NA" if np.isnan(observed[i]) else int(observed[i])
            out.writerow([int(i) + 1, epochs[i], count, int(population[i])])
    return Input(name, freq, size, dated, bool(np.nanmax(observed) > 60))


def _epoch(first: dt.date, i: int, freq: int) -> str:
    if freq == 12:
        return dt.date(first.year + i // 12, i % 12 + 1, 1).isoformat()
    return (first + dt.timedelta(days=7 * i)).isoformat()


def given(folder: Path, out: Path) -> list[Input]:
    """The inputs of another folder of cases, copied."""
    found = []
    for path in sorted(folder.glob("input_*.csv")):
        shutil.copyfile(path, out / path.name)
        rows = list(csv.DictReader(path.open(encoding="utf-8")))
        most = max(float(row["observed"]) for row in rows if row["observed"] not in {"NA", ""})
        found.append(
            Input(path.name, 12 if path.name in MONTHLY else 52, len(rows), "-" in rows[0]["epoch"], most > 60)
        )
    return found


def some(draw: np.random.Generator, every: dict[str, list[Any]], keep: float = 0.8) -> dict[str, Any]:
    """One value of each argument; some are left to R's default."""
    return {name: each[int(draw.integers(len(each)))] for name, each in every.items() if draw.random() < keep}


def flexible(draw: np.random.Generator, of: Input) -> dict[str, Any]:
    b = int(draw.integers(2, 6))
    w = int(draw.choice([1, 2, 3, 4] if of.freq == 52 else [0, 1, 2]))
    told = some(
        draw,
        {
            "noPeriods": [1, 2, 4, 5, 7, 10] if of.freq == 52 else [1, 2, 3],
            "pastWeeksNotIncluded": [0, 3, 6, 10, 26] if of.freq == 52 else [0, 1, 3, 6],
            "reweight": [True, True, False],
            "weightsThreshold": [1, 2, 2.58, 3],
            "trend": [True, True, False],
            "pThresholdTrend": [0.05, 0.2, 1],
            "thresholdMethod": ["delta", "nbPlugin", "muan"],
            "alpha": [0.001, 0.005, 0.01, 0.05, 0.1],
            "powertrans": ["2/3", "1/2", "none"],
            "limit54": [[0, 4], [5, 4], [10, 6], [0, 50]],
            "populationOffset": [False, True],
            "fitFun": ["algo.farrington.fitGLM.flexible"],
        },
    )
    return {"range": window(draw, of, b * of.freq + w + 6, 30), "b": b, "w": w, **told}


def classic(draw: np.random.Generator, of: Input) -> dict[str, Any]:
    b = int(draw.integers(2, 6))
    w = int(draw.choice([2, 3, 4, 6] if of.freq == 52 else [1, 2]))
    told = some(
        draw,
        {
            "reweight": [True, False],
            "trend": [True, True, False],
            "alpha": [0.005, 0.01, 0.05, 0.1],
            "powertrans": ["2/3", "1/2", "none"],
            "limit54": [[0, 4], [5, 4], [10, 6]],
        },
    )
    return {"range": window(draw, of, b * of.freq + w + 6, 30), "b": b, "w": w, **told}


def ears(draw: np.random.Generator, of: Input) -> dict[str, Any]:
    baseline = int(draw.choice([3, 5, 7, 14, 28]))
    told = some(
        draw, {"method": ["C1", "C2", "C3"], "minSigma": [0, 0.5, 1], "alpha": [0.0005, 0.001, 0.01, 0.025, None]}
    )
    return {"range": window(draw, of, baseline + 5, 150), "baseline": baseline, **told}


def sums(draw: np.random.Generator, of: Input) -> dict[str, Any]:
    told = some(
        draw,
        {
            "k": [0.25, 0.5, 1.04, 2],
            "h": [1.5, 2.26, 4],
            "m": [None, "glm", 3, 0.7, 40.5],
            "trans": ["standard", "rossi", "anscombe", "anscombe2nd", "pearsonNegBin", "anscombeNegBin", "none"],
        },
        0.9,
    )
    if "NegBin" in told.get("trans", ""):
        told["alpha"] = float(draw.choice([0.05, 0.3, 1.0]))
    return {"range": window(draw, of, 2 * of.freq, 100), **told}


def ratios(draw: np.random.Generator, of: Input) -> dict[str, Any]:
    points = window(draw, of, 2 * of.freq + 1, 60)
    told = some(
        draw,
        {
            "c.ARL": [2, 3, 5, 8],
            "mu0": [
                None,
                [float(draw.choice([0.5, 3.0, 12.0, 100.0]))] * (points[1] - points[0] + 1),
                {"S": 1, "trend": False},
                {"S": 2, "trend": True},
                {"S": 1, "trend": True},
            ],
            "alpha": [0, 0, 0.05, 0.3, 1.0, None],
            "Mtilde": [1, 1, 2, 4],
            "M": [-1, -1, 10, 30],
            "change": ["intercept", "intercept", "epi"],
            "theta": [None, None, 0.3, 0.7],
            "dir": ["inc", "inc", "dec"],
            "ret": ["value", "cases"],
        },
    )
    # R counts up one by one to find the cases of the negative binomial: minutes a time point where counts are large
    if told.get("alpha") != 0 and told.get("theta") is None and told.get("ret", "cases") == "cases":
        if of.busy:
            told["ret"] = "value"
        points[1] = min(points[1], points[0] + 5)
        told["c.ARL"] = 2
        if isinstance(told.get("mu0"), list):
            told["mu0"] = told["mu0"][:1] * (points[1] - points[0] + 1)
    return {"range": points, **told}


def predictive(draw: np.random.Generator, of: Input) -> dict[str, Any]:
    b, w = int(draw.integers(0, 4)), int(draw.choice([2, 4, 6]))
    told = some(draw, {"actY": [True, False] if b else [True], "alpha": [0.001, 0.01, 0.05, 0.1]})
    return {"range": window(draw, of, b * of.freq + w + 1, 80), "b": b, "w": w, **told}


def institute(draw: np.random.Generator, of: Input) -> dict[str, Any]:
    found = predictive(draw, of)
    found.pop("alpha", None)
    return found


def limits(draw: np.random.Generator, of: Input) -> dict[str, Any]:
    b, m = int(draw.integers(2, 6)), int(draw.choice([1, 2]))
    told = some(draw, {"alpha": [0.005, 0.025, 0.1]})
    return {"range": window(draw, of, b * of.freq + 4 * m + 4, 60), "b": b, "m": m, **told}


def window(draw: np.random.Generator, of: Input, first: int, most: int) -> list[int]:
    """First and last time point, counted from 1, as R does."""
    start = int(draw.integers(first + 1, max(first + 2, of.size - 5)))
    return [start, min(of.size, start + most - 1)]


KINDS: dict[str, tuple[Callable[[np.random.Generator, Input], dict[str, Any]], float]] = {
    "farringtonFlexible": (flexible, 0.34),
    "farrington": (classic, 0.14),
    "earsC": (ears, 0.1),
    "cusum": (sums, 0.14),
    "glrnb": (ratios, 0.14),
    "glrpois": (ratios, 0.03),
    "bayes": (predictive, 0.04),
    "rki": (institute, 0.04),
    "algo.cdc": (limits, 0.03),
}


def literal(value: Any) -> str:
    """A Python value as R writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, dict):
        return "list(" + ", ".join(f"{name} = {literal(each)}" for name, each in value.items()) + ")"
    if isinstance(value, list):
        return "c(" + ", ".join(literal(each) for each in value) + ")"
    return repr(value)


def told_to_r(control: dict[str, Any]) -> str:
    parts = {name: literal(each) for name, each in control.items()}
    parts["range"] = f"{control['range'][0]}:{control['range'][1]}"
    return "list(" + ", ".join(f"{name} = {each}" for name, each in parts.items()) + ")"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--cases", type=int, default=300)
    options.add_argument("--inputs", type=Path)
    options.add_argument("--kinds", nargs="*", default=list(KINDS), help="any of " + ", ".join(KINDS))
    chosen = options.parse_args()
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("Rscript is not installed: apt-get install r-base-core r-cran-surveillance", file=sys.stderr)
        return 2
    folder = chosen.folder
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(chosen.seed)
    inputs = [simulated(folder, i, draw) for i in range(max(10, chosen.cases // 8))]
    inputs += given(chosen.inputs, folder) if chosen.inputs else []
    weights = np.array([KINDS[kind][1] for kind in chosen.kinds])
    cases, lines = [], [HEAD]
    for i in range(chosen.cases):
        kind = str(draw.choice(chosen.kinds, p=weights / weights.sum()))
        allowed = [each for each in inputs if each.freq == 52 or kind != "algo.cdc"]
        of = allowed[int(draw.integers(len(allowed)))]
        control = KINDS[kind][0](draw, of)
        if kind == "glrpois":
            control.pop("alpha", None)
        case = {
            "id": f"s{chosen.seed}_{i:04d}_{kind}",
            "algorithm": kind,
            "input": of.file,
            "freq": of.freq,
            "epochAsDate": of.dated,
            "n": of.size,
            "control": control,
        }
        cases.append(case)
        dated = "TRUE" if of.dated else "FALSE"
        lines.append(f'one("{case["id"]}", "{of.file}", {of.freq}, {dated}, "{kind}", {told_to_r(control)})')
    (folder / "cases.R").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (folder / "refused.txt").open("w", encoding="utf-8") as log:
        subprocess.run([rscript, "cases.R"], cwd=folder, stdout=log, check=True)
    made = [case for case in cases if (folder / f"{case['id']}.csv").exists()]
    text = json.dumps({"generator": "R surveillance", "seed": chosen.seed, "cases": made}, indent=1)
    (folder / "cases.json").write_text(text, encoding="utf-8")
    print(f"{len(made)} cases; R refused {len(cases) - len(made)} (refused.txt)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
