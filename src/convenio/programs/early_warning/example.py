"""A made-up file of weekly counts: thirty places, seven years, three outbreaks in the last weeks."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np

SEED = 20211008
PLACES, WEEKS = 30, 364
FIRST = dt.date(2017, 1, 2)


def write_example(folder: Path) -> list[Path]:
    """Write `counts.csv` into a folder.

    Returns:
        The files that were written.
    """
    draw = np.random.default_rng(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "counts.csv"
    weeks = [FIRST + dt.timedelta(days=7 * each) for each in range(WEEKS)]
    season = 1.0 + 0.3 * np.sin(2.0 * np.pi * np.arange(WEEKS) / 52.18)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["place", "week", "count", "percent_complete"])
        for place in range(PLACES):
            level = float(draw.lognormal(1.5, 0.8))
            counts = draw.negative_binomial(8, 8 / (8 + level * season))
            if place % 10 == 3:
                counts[-3:] += draw.poisson(3 * np.sqrt(level) + 6, 3)
            for number, (week, count) in enumerate(zip(weeks, counts, strict=True)):
                complete = 100 if number < WEEKS - 2 else 96 - 8 * (number - WEEKS + 2)
                writer.writerow([f"MX-{place + 1:03d}", week.isoformat(), int(count), complete])
    return [path]
