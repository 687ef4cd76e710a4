"""How often records of one person, and of two, stand at each level: counted in the data, drawn to what is usual."""

# ruff: noqa: S608 - the names in these queries are those of levels.py

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from convenio.entities.resolution.levels import COMPARISONS, Comparison

SEED = 20211008
RANDOM_PAIRS = 250_000
SAME_WEIGHT, CHANCE_WEIGHT = 200.0, 50_000.0
"""How many pairs the usual m and u count for beside those that were seen."""
STRICT = (
    "l.curp = r.curp",
    "l.birth = r.birth AND l.paterno = r.paterno AND l.given_first = r.given_first",
)
FOUND_BY_RULES = 0.7
"""The share of records of one person that the better one of the strict rules finds."""


@dataclass(frozen=True)
class Model:
    """What training gives.

    Args:
        m: by comparison, one value per level, most agreement first.
        u: the same for two people.
        prior: probability that two records drawn at random are of one person.
        labelled: pairs with an equal CURP that m was counted in.
    """

    m: Mapping[str, tuple[float, ...]]
    u: Mapping[str, tuple[float, ...]]
    prior: float
    labelled: int


def trained(connection: Any, left: pa.Table, right: pa.Table | None) -> Model:
    """Count m among pairs with an equal CURP, u among pairs drawn at random, and the prior by strict rules.

    Args:
        connection: a DuckDB connection.
        left: standard records.
        right: those of another source, or None when `left` is compared with itself.
    """
    other = left if right is None else right
    connection.register("train_l", left)
    connection.register("train_r", other)
    apart = "l.unique_id < r.unique_id" if right is None else "true"
    columns = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in left.column_names)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW same AS SELECT {columns} FROM train_l l JOIN train_r r"
        f" ON l.curp = r.curp AND {apart}"
    )
    rng = np.random.Generator(np.random.PCG64(SEED))
    size = min(RANDOM_PAIRS, left.num_rows * other.num_rows)
    places = pa.table(
        {
            "at_l": rng.integers(0, max(left.num_rows, 1), size if other.num_rows else 0),
            "at_r": rng.integers(0, max(other.num_rows, 1), size if left.num_rows else 0),
        }
    )
    connection.register("places", places)
    numbered = "SELECT *, row_number() OVER () - 1 AS at FROM"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW chance AS SELECT {columns} FROM places"
        f" JOIN ({numbered} train_l) l ON l.at = at_l JOIN ({numbered} train_r) r ON r.at = at_r"
        + (" WHERE at_l <> at_r" if right is None else "")
    )
    m, u = {}, {}
    same, chance = _counts(connection, "same"), _counts(connection, "chance")
    for each in COMPARISONS:
        usual_m, usual_u = [level.m for level in each.levels], [level.u for level in each.levels]
        m[each.name] = _drawn(same.get(each.name), usual_m, SAME_WEIGHT)
        u[each.name] = _drawn(chance.get(each.name), usual_u, CHANCE_WEIGHT)
    labelled = _number(connection, "SELECT count(*) FROM same")
    pairs = left.num_rows * (left.num_rows - 1) / 2 if right is None else left.num_rows * other.num_rows
    found = max(
        _number(connection, f"SELECT count(*) FROM train_l l JOIN train_r r ON {rule} AND {apart}") for rule in STRICT
    )
    prior = min(0.1, max(1.0, found / FOUND_BY_RULES) / max(pairs, 2.0))
    return Model(m, u, prior, labelled)


def _number(connection: Any, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _counts(connection: Any, pairs: str) -> dict[str, list[float]]:
    """How many pairs stand at each level, most agreement first, by comparison."""
    wanted = [each for each in COMPARISONS if each.trained]
    cases = ", ".join(f"{each.case(with_counted=False)} AS {each.name}" for each in wanted)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE levels_seen AS SELECT {cases} FROM {pairs}")
    return {each.name: _of_one(connection, each) for each in wanted}


def _of_one(connection: Any, comparison: Comparison) -> list[float]:
    rows = connection.execute(f"SELECT {comparison.name}, count(*) FROM levels_seen GROUP BY 1").fetchall()
    by_number = dict(rows)
    return [float(by_number.get(number, 0)) for number in range(len(comparison.levels) - 1, -1, -1)]


def _drawn(seen: list[float] | None, usual: list[float], weight: float) -> tuple[float, ...]:
    if seen is None:
        return tuple(usual)
    total = sum(seen) + weight
    return tuple((count + weight * share) / total for count, share in zip(seen, usual, strict=True))
