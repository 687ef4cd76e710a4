"""Which commitments an aggregate is evidence of, and who may see it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from convenio.programs.framework.model import Publication

TABLE = Path(__file__).parents[1] / "content" / "evidence.csv"


@dataclass(frozen=True)
class Served:
    """What an aggregate serves.

    Args:
        commitments: their numbers; empty where nobody has said which.
        publication: who may see it.
    """

    commitments: tuple[str, ...] = ()
    publication: Publication = "internal"


@cache
def _table() -> dict[tuple[str, str], Served]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["program"], row["indicator"]): Served(
                tuple(each.strip() for each in row["commitments"].split(";") if each.strip()),
                cast("Publication", row["publication"]),
            )
            for row in csv.DictReader(file)
        }


def served(program: str, indicator: str) -> Served:
    """What the aggregate serves; one that nobody has tied to a commitment is internal and serves none."""
    return _table().get((program, indicator), Served())
