"""Made-up weekly counts: thirty places with three outbreaks, and three places as they were known on two days."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

SEED = 20211008
PLACES, WEEKS = 30, 364
FIRST = dt.date(2017, 1, 2)
HEAD = ("place", "substance", "week", "cases", "known_on", "percent_complete", "units", "instrument")
KNOWN, CORRECTED = dt.date(2023, 12, 28), dt.date(2024, 1, 25)


def write_example(folder: Path) -> list[Path]:
    """Write `counts.csv` and `vintages.csv` into a folder.

    Returns:
        The files that were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "counts.csv", folder / "vintages.csv"]
    rows = (("place", "week", "count", "percent_complete"), _counts()), (HEAD, _vintages())
    for path, (head, made) in zip(paths, rows, strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(head)
            writer.writerows(made)
    return paths


def _weeks() -> list[dt.date]:
    return [FIRST + dt.timedelta(days=7 * each) for each in range(WEEKS)]


def _counts() -> Iterator[tuple[Any, ...]]:
    """Thirty places; in every tenth cases rise in the last three weeks, and the last two weeks are not complete."""
    draw = np.random.default_rng(SEED)
    season = 1.0 + 0.3 * np.sin(2.0 * np.pi * np.arange(WEEKS) / 52.18)
    for place in range(PLACES):
        level = float(draw.lognormal(1.5, 0.8))
        counts = draw.negative_binomial(8, 8 / (8 + level * season))
        if place % 10 == 3:
            counts[-3:] += draw.poisson(3 * np.sqrt(level) + 6, 3)
        for number, (week, count) in enumerate(zip(_weeks(), counts, strict=True)):
            complete = 100 if number < WEEKS - 2 else 96 - 8 * (number - WEEKS + 2)
            yield f"MX-{place + 1:03d}", week.isoformat(), int(count), complete


def _vintages() -> Iterator[tuple[Any, ...]]:
    """A rise that was corrected away, a change of instrument, and units that no longer report."""
    draw = np.random.default_rng(SEED + 1)
    for place in ("corrected", "instrument", "units"):
        counts = draw.poisson(9, WEEKS)
        if place == "corrected":
            counts[-1] = 38
        if place == "instrument":
            counts[-20:] *= 3
        for number, (week, count) in enumerate(zip(_weeks(), counts, strict=True)):
            old = place == "instrument" and number < WEEKS - 20
            units = 41 if place == "units" and number == WEEKS - 1 else 60
            last = number == WEEKS - 1
            rest = (100 if not last else 90, units, "old form" if old else "new form")
            yield place, "opioids", week.isoformat(), int(count), KNOWN.isoformat(), *rest
            if last:
                now = 8 if place == "corrected" else int(count)
                yield place, "opioids", week.isoformat(), now, CORRECTED.isoformat(), 100, units, "new form"
