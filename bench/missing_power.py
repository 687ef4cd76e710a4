"""What a search is worth by class of family, and whether the computed recall is that of plain simulation.

Twenty-one loci with NIST 1036 Hispanic frequencies, no mutation. Beside recall at a threshold stands the share found by
counting: siblings are simulated and each pair's likelihood ratio is computed one by one.
"""

from __future__ import annotations

import json
from itertools import pairwise as _pairs
from typing import Any

import numpy as np

from bench.harness import DATA, Row, clock, shell
from bench.missing_search import population_of
from convenio.programs.missing.methods import Family, Population, power
from convenio.programs.missing.methods.relatives import KAPPA, pair_table
from convenio.programs.missing.methods.simulate import drop_genes, nuclear_family

PATH = DATA / "missing" / "reference" / "kinship_cases.json"
CLASSES: dict[str, dict[str, Any]] = {
    "one sibling": {"siblings": 1},
    "two siblings": {"siblings": 2},
    "three siblings": {"siblings": 3},
    "one parent": {"siblings": 0, "mother": True},
    "one parent and one sibling": {"siblings": 1, "mother": True},
    "both parents": {"siblings": 0, "mother": True, "father": True},
}


def counted_recall(population: Population, thresholds: tuple[float, ...], number: int) -> list[float]:
    """Share of simulated full siblings whose pairwise log10 likelihood ratio reaches each threshold."""
    pedigree, _who = nuclear_family(1)
    rng = np.random.default_rng(17)
    total = np.zeros(number)
    for locus in population.loci.values():
        people = drop_genes(pedigree, locus, number, rng)
        codes = []
        for id_ in ("MP", "S1"):
            low, high = np.sort(people[id_], axis=1).T
            codes.append(high * (high + 1) // 2 + low)
        total += pair_table(locus, KAPPA["full_siblings"])[codes[0], codes[1]]
    return [float((total >= t).mean()) for t in thresholds]


def run(*, quick: bool = False) -> list[Row]:
    if not PATH.is_file():
        return [Row("what a search is worth", "the reference data is not here", "")]
    population = population_of(json.loads(PATH.read_text(encoding="utf-8"))["full_sibs_unrel"])
    rows = []
    for name, shape in CLASSES.items():
        pedigree, who = nuclear_family(**shape)
        family = Family(name, pedigree, {}, ("MP",))
        with clock() as taken:
            found = power(family, population, sampled=who, simulations=10 if quick else 100)
        at = {t.log10_lr: t for t in found.curve}
        falls = all(a.recall >= b.recall for a, b in _pairs(found.curve))
        rows.append(
            Row(
                f"{name}: recall at LR 10,000",
                round(at[4.0].recall, 4),
                "share",
                goal="recall falls as the threshold rises",
                met=falls,
                note=(
                    f"95 % {at[4.0].low:.4f} to {at[4.0].high:.4f}; at LR 100: {at[2.0].recall:.4f}; false candidates "
                    f"per thousand at 10,000: {at[4.0].false_per_thousand:.2g}, at 100: "
                    f"{at[2.0].false_per_thousand:.2g}; {taken.cpu:.1f} CPU s"
                ),
            )
        )
        if name == "one sibling":
            counted = counted_recall(population, (2.0, 4.0), 20_000)
            near = max(abs(counted[0] - at[2.0].recall), abs(counted[1] - at[4.0].recall))
            rows.append(
                Row(
                    "one sibling: recall at LR 100, computed beside counted",
                    round(at[2.0].recall, 4),
                    "share",
                    peer=round(counted[0], 4),
                    goal="within .02 at LR 100 and 10,000",
                    met=near <= 0.02,
                    note="counted over 20,000 simulated pairs",
                )
            )
    return rows


if __name__ == "__main__":
    shell(run)
