"""Is the weight of evidence what it says? Cllr and reliability, on a world and misspellings by another author.

Customers are made-up people as another register writes them (`world.variants`, whose author wrote none of the
screening); listed parties are 6,000 people of the same world, 1,800 of them among the customers. Names, birth dates
and sex are compared, no identifiers. The calibration in the product was fitted on the world of seed 11; the figures are
from the world of seed 12, which nobody tuned on. How common names are is told by lists that the world draws from too.

Every customer is a pair with every listed party. Pairs that the index does not propose count as a likelihood ratio of a
thousandth. Cllr (Brümmer and du Preez 2006) is 0 for perfect evidence and 1 for none; reliability compares the
posterior probability, with the true share of pairs as prior, with what came true.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.harness import Row, clock, shell
from bench.reliability_plot import reliability_plot
from convenio.programs.finance.schema import BirthDate, ListedName, ListEntry
from convenio.programs.finance.screening.party import party
from convenio.programs.finance.screening.screener import Screener
from convenio.world import World

FITTED_ON, REPORTED_ON = 11, 12
UNPROPOSED = -3.0
PLOT = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "finance-reliability.svg"
BINS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)


@dataclass
class Pairs:
    """Raw weights of pairs of one person and of two, in bans, and how many of each there are in all."""

    same: list[float]
    different: list[float]
    all_same: int
    all_different: int

    @property
    def prior(self) -> float:
        return self.all_same / (self.all_same + self.all_different)


def pairs(seed: int, size: int) -> Pairs:
    world = World(seed=seed, people=2 * size)
    people = world.people()
    both = size * 3 // 10
    rows = people.to_pylist()[: 2 * size - both]
    customers = world.register("C", people.slice(0, size)).to_pylist()
    listed = [_entry(row) for row in rows[size - both : 2 * size - both]]
    screener = Screener(listed, threshold=0.01)
    same: list[float] = []
    different: list[float] = []
    for row in customers:
        known = party(_facts(row))
        for hit in screener.hits(known):
            (same if hit.entry.id == row["person_id"] else different).append(hit.weighed.weight)
    return Pairs(same, different, both, size * size - both)


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    held = {name: row[name] for name in ("given", "paterno", "materno", "name", "birth_date", "sex")}
    return held | {"customer_id": row["record_id"]}


def _entry(row: dict[str, Any]) -> ListEntry:
    born = row["birth_date"].isoformat()
    surnames = " ".join(each for each in (row["paterno"], row["materno"]) if each)
    return ListEntry(
        source="made_up",
        id=row["person_id"],
        kind="person",
        names=(ListedName(f"{surnames.upper()}, {row['given']}"),),
        birth_dates=(BirthDate(born, born),),
        gender={"F": "female", "M": "male"}[row["sex"]],
    )


def fitted(held: Pairs) -> tuple[float, float]:
    """Slope and shift that make the weights' logistic loss least at the true prior (Newton's method)."""
    points = [(weight, 1.0) for weight in held.same] + [(weight, 0.0) for weight in held.different]
    offset = math.log(held.prior / (1 - held.prior))
    slope, shift, best = 1.0, 0.0, math.inf
    for _step in range(60):
        gradient, curve, loss = [0.0, 0.0], [[1e-6, 0.0], [0.0, 1e-6]], 0.0
        for weight, truth in points:
            x = weight * math.log(10)
            chance = min(max(_sigmoid(slope * x + shift + offset), 1e-12), 1 - 1e-12)
            spread = chance * (1 - chance)
            loss -= math.log(chance if truth else 1 - chance)
            gradient[0] += (truth - chance) * x
            gradient[1] += truth - chance
            curve[0][0] += spread * x * x
            curve[0][1] += spread * x
            curve[1][1] += spread
        if abs(best - loss) < 1e-6:
            break
        best = min(best, loss)
        determinant = curve[0][0] * curve[1][1] - curve[0][1] ** 2
        steps = (
            (curve[1][1] * gradient[0] - curve[0][1] * gradient[1]) / determinant,
            (curve[0][0] * gradient[1] - curve[0][1] * gradient[0]) / determinant,
        )
        slope += max(-0.1, min(0.1, steps[0]))
        shift += max(-0.5, min(0.5, steps[1]))
    return slope, shift / math.log(10)


def cllr(held: Pairs, slope: float, shift: float) -> float:
    same = [slope * each + shift for each in held.same] + [UNPROPOSED] * (held.all_same - len(held.same))
    left = held.all_different - len(held.different)
    against = sum(_bits(slope * each + shift) for each in held.different) + left * _bits(UNPROPOSED)
    return (sum(_bits(-each) for each in same) / held.all_same + against / held.all_different) / 2


def _bits(bans: float) -> float:
    return math.log2(1 + 10 ** min(bans, 300.0))


def reliability(held: Pairs, slope: float, shift: float) -> Iterable[tuple[str, int, float, float]]:
    """For each band of posteriors: its name, pairs in it, mean posterior, share that came true."""
    odds = held.prior / (1 - held.prior)
    made = [(_posterior(slope * each + shift, odds), True) for each in held.same]
    made += [(_posterior(slope * each + shift, odds), False) for each in held.different]
    edges = (0.0, *BINS, 1.0 + 1e-12)
    for low, high in pairwise(edges):
        inside = [each for each in made if low <= each[0] < high]
        if inside:
            mean = sum(each[0] for each in inside) / len(inside)
            yield f"{low:g} to {min(high, 1.0):g}", len(inside), mean, sum(each[1] for each in inside) / len(inside)


def _posterior(bans: float, odds: float) -> float:
    value = odds * 10 ** min(bans, 300.0)
    return value / (1 + value)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(min(x, 500.0), -500.0)))


def run(*, quick: bool) -> list[Row]:
    from convenio.programs.finance.screening.weigh import CALIBRATION

    size = 600 if quick else 6_000
    with clock() as taken:
        held = pairs(REPORTED_ON, size)
        fit = fitted(pairs(FITTED_ON, size))
    raw, better = cllr(held, 1.0, 0.0), cllr(held, *CALIBRATION)
    note = f"{held.all_same:,} pairs of one person ({held.all_same - len(held.same)} not proposed), "
    note += f"{held.all_different:,} of two, {len(held.different):,} of them proposed"
    rows = [
        Row("Cllr, calibrated", round(better, 5), "bits", goal="below the raw weights'", met=better <= raw, note=note),
        Row("Cllr, raw weights", round(raw, 5), "bits"),
        Row(
            "Cllr, what pairs of one person that the index does not propose make of it",
            round((held.all_same - len(held.same)) * _bits(-UNPROPOSED) / held.all_same / 2, 5),
            "bits",
            note="each counts as a ratio of a thousandth and weighs .0028 here, so a better index moves Cllr by steps",
        ),
        Row(
            "fit on the other world: slope",
            round(fit[0], 3),
            "",
            note=f"shift {fit[1]:+.3f} bans; in the product {CALIBRATION}",
        ),
    ]
    bands = list(reliability(held, *CALIBRATION))
    if not quick:
        PLOT.write_text(reliability_plot(bands), encoding="utf-8")
    for name, number, said, came in bands:
        rows.append(
            Row(
                f"came true where the posterior is {name}",
                round(came, 4),
                "share",
                note=f"said {said:.4f}, {number:,} pairs",
            )
        )
    rows.append(Row("CPU", round(taken.cpu, 1), "seconds"))
    return rows


if __name__ == "__main__":
    shell(run)
