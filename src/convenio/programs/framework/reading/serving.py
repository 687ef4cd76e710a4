"""What serves a commitment today: commands and pages, by the names that people type and open."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from convenio.programs.framework.content import FOLDER

HOUSE = ("exchange", "rights")
"""Not programs: the border and the safeguards of the house itself."""


@dataclass(frozen=True)
class Serving:
    """One thing that serves a commitment: a `command` as it is typed after `convenio`, or a `page` by its address."""

    kind: Literal["command", "page"]
    name: str

    @property
    def typed(self) -> str:
        """As a person types or reads it."""
        return f"convenio {self.name}" if self.kind == "command" else self.name


@cache
def _table() -> dict[str, tuple[Serving, ...]]:
    found: dict[str, tuple[Serving, ...]] = {}
    with (FOLDER / "serving.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            made = Serving(cast("Literal['command', 'page']", row["kind"]), row["name"])
            found[row["commitment"]] = (*found.get(row["commitment"], ()), made)
    return found


@dataclass(frozen=True)
class Missing:
    """What software does not do for a commitment, in both languages."""

    why_en: str
    why_es: str


@cache
def _missing() -> dict[str, Missing]:
    with (FOLDER / "tracked.csv").open(encoding="utf-8", newline="") as file:
        return {row["commitment"]: Missing(row["why_en"], row["why_es"]) for row in csv.DictReader(file)}


def not_done(commitment: str) -> Missing | None:
    """What a program could do for a commitment and none does today; None where that is the work of people alone."""
    return _missing().get(commitment)


def serving(commitment: str) -> tuple[Serving, ...]:
    """The commands and pages that serve a commitment; none where it is only tracked."""
    return _table().get(commitment, ())
