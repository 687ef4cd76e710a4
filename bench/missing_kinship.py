"""Kinship likelihood ratios beside R pedprobr and Familias, on every reference case.

The reference figures are recorded runs of pedprobr 1.1.0 and Familias 2.6.4; R is not run here, since pedsuite is not
among Debian's packages.
"""

from __future__ import annotations

import math

from bench.conformance.kinship import GOAL, errors_of
from bench.harness import DATA, Row, clock, shell

FOLDER = DATA / "missing" / "reference"
FILES = {
    "kinship_cases": "pedprobr: kinship, loops, inbreeding, mutation models",
    "familias_theta_silent_cases": "Familias: theta, silent alleles, mutation",
    "dropout_cases": "drop-out, enumerated with pedprobr",
    "misc_cases": "X-linked, founder inbreeding, mutation matrices",
}


def run(*, quick: bool = False) -> list[Row]:
    rows = []
    for name, what in FILES.items():
        path = FOLDER / f"{name}.json"
        if not path.is_file() or (quick and name == "kinship_cases"):
            continue
        with clock() as taken:
            errors = errors_of(path)
        worst = max(errors.values(), key=lambda each: math.inf if math.isnan(each) else each)
        rows.append(
            Row(
                f"{what}: largest relative error of {len(errors)} cases",
                worst,
                "",
                goal=f"≤ {GOAL:g}",
                met=worst <= GOAL,
                note=f"{taken.cpu:.1f} CPU s; likelihoods, ratios by locus, totals",
            )
        )
    return rows or [Row("kinship", "the reference data is not here", "")]


if __name__ == "__main__":
    shell(run)
