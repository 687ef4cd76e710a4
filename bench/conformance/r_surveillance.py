"""Conformance with R's `surveillance` 1.20.3.

`.venv/bin/python -m bench.conformance.r_surveillance DIR --json FILE|-` reads DIR/cases.json and, per case id, writes
the largest relative error of the upper bound (missing against missing and infinite against infinite are equal, else an
error of 1) and how many alarms differ. `bench.conformance.r_surveillance_cases` makes further cases where R is
installed.

Where R itself gives no sound answer, these numbers are R's all the same: `glrnb` with `change = "epi"`, whose search
for the growth often stops short; with `dir = "dec"` and a mean in control many times the counts, where it gives 0; an
alpha whose estimate ran away; `cusum` with `trans = "anscombeNegBin"`, which is read off a table that ends at 100.
`exact=True` computes what the papers define. Statistics next to 0 that are what is left of sums of large numbers agree
to the last digits that R's own sums have.

Known to differ: `glrpois` with `dir = "dec"` and `ret = "cases"`, where R often gives 0 for the first time points; and
single statistics of `glrpois` with `change = "epi"` (one time point in six seeds of 200 cases).
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from convenio.programs.early_warning.methods import (
    Monitored,
    bayes,
    cdc,
    cusum,
    ears_c,
    farrington,
    farrington_flexible,
    glr,
    rki,
)

NAMES = {"range": "range_", "c.ARL": "c_ARL", "dir": "dir_"}
TAKEN = {
    "farringtonFlexible": [
        "b",
        "w",
        "noPeriods",
        "pastWeeksNotIncluded",
        "reweight",
        "weightsThreshold",
        "trend",
        "pThresholdTrend",
        "thresholdMethod",
        "alpha",
        "powertrans",
        "limit54",
    ],
    "farrington": ["b", "w", "reweight", "trend", "alpha", "powertrans", "limit54"],
    "earsC": ["method", "baseline", "minSigma", "alpha"],
    "cusum": ["k", "h", "m", "trans", "alpha"],
    "glrnb": ["c.ARL", "mu0", "alpha", "Mtilde", "M", "theta", "change", "dir", "ret"],
    "bayes": ["b", "w", "actY", "alpha"],
    "rki": ["b", "w", "actY"],
    "algo.cdc": ["b", "m", "alpha"],
}
FUNCTIONS: dict[str, Any] = {
    "farringtonFlexible": farrington_flexible,
    "farrington": farrington,
    "earsC": ears_c,
    "cusum": cusum,
    "glrnb": glr,
    "glrpois": glr,
    "bayes": bayes,
    "algo.bayes": bayes,
    "rki": rki,
    "algo.rki": rki,
    "cdc": cdc,
    "algo.cdc": cdc,
}
ALIASES = {"glrpois": "glrnb", "algo.bayes": "bayes", "algo.rki": "rki", "cdc": "algo.cdc"}
DEFAULTS: dict[str, dict[str, Any]] = {
    "farringtonFlexible": {
        "b": 5, "w": 3, "noPeriods": 1, "pastWeeksNotIncluded": None, "pThresholdTrend": 0.05, "alpha": 0.05,
        "thresholdMethod": "delta", "weightsThreshold": 2.58,
    },
    "farrington": {"b": 5, "w": 3, "alpha": 0.05},
    "cusum": {"k": 1.04, "h": 2.26},
    "rki": {"b": 2, "w": 4, "actY": False},
    "bayes": {"b": 0, "w": 6, "actY": True, "alpha": 0.05},
    "algo.cdc": {"b": 5, "m": 1, "alpha": 0.025},
}  # fmt: skip


def number(text: str) -> float:
    return np.nan if text in {"NA", "", "NaN"} else float(text.replace("Inf", "inf"))


def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([number(row[name]) for row in rows])


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run_case(case: dict[str, Any], folder: Path) -> tuple[Monitored, list[dict[str, str]]]:
    """Our result for one case, and R's rows."""
    kind = ALIASES.get(case["algorithm"], case["algorithm"])
    rows, control = read(folder / case["input"]), case["control"]
    first, last = control["range"][0], control["range"][-1]
    told: dict[str, Any] = {**DEFAULTS.get(kind, {}), **control}
    given = {NAMES.get(name, name): told[name] for name in TAKEN[kind] if told.get(name) is not None}
    if "limit54" in given:
        given["limit54"] = tuple(given["limit54"])
    if kind == "farringtonFlexible" and told.get("pastWeeksNotIncluded") is None:
        given["pastWeeksNotIncluded"] = given["w"]
    if kind != "earsC":
        given["freq"] = case.get("freq", 52)
    if kind.startswith("farrington") and case.get("epochAsDate"):
        given["dates"] = np.array([row["epoch"] for row in rows], dtype="datetime64[D]")
    if control.get("populationOffset") and kind == "farringtonFlexible":
        given["population"] = column(rows, "population")
    if kind == "glrnb":
        given["alpha"] = 0.0 if case["algorithm"] == "glrpois" else control.get("alpha")
        if given.get("change") == "epi":  # R takes neither into account
            given.pop("theta", None)
            given.pop("dir_", None)
        if isinstance(given.get("mu0"), dict):
            given["mu0"] = {name: given["mu0"].get(name, base) for name, base in (("S", 1), ("trend", 0))}
    points = range(first - 1, last)
    made = FUNCTIONS[case["algorithm"]](column(rows, "observed"), range_=points, **given)
    return made, read(folder / f"{case['id']}.csv")


def compare(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    made, theirs = run_case(case, folder)
    wanted, alarms = column(theirs, "upperbound"), column(theirs, "alarm")
    errors = [relative(one, other) for one, other in zip(made.upperbound, wanted, strict=True)]
    mismatches = int(np.sum(made.alarm != (np.nan_to_num(alarms) == 1)))
    return {"max_rel_error": max(errors, default=0.0), "alarm_mismatches": mismatches, "time_points": len(errors)}


def relative(ours: float, theirs: float) -> float:
    if np.isnan(ours) or np.isnan(theirs):
        return 0.0 if np.isnan(ours) and np.isnan(theirs) else 1.0
    if np.isinf(ours) or np.isinf(theirs):
        return 0.0 if ours == theirs else 1.0
    return float(abs(ours - theirs) / abs(theirs)) if theirs else float(min(abs(ours), 1.0))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--json", default="-", metavar="FILE|-")
    chosen = options.parse_args()
    cases = json.loads((chosen.folder / "cases.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    for case in cases["cases"] if isinstance(cases, dict) else cases:
        try:
            found[case["id"]] = compare(case, chosen.folder)
        except Exception as error:  # noqa: BLE001 - a case that cannot be run counts as an error of 1
            found[case["id"]] = {
                "max_rel_error": 1.0,
                "alarm_mismatches": -1,
                "error": f"{type(error).__name__}: {error}",
            }
    text = json.dumps(found, indent=2) + "\n"
    if chosen.json == "-":
        sys.stdout.write(text)
    else:
        Path(chosen.json).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
