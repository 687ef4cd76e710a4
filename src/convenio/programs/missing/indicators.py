"""Aggregates for the framework's scorecard: how many were compared, proposed, returned; no one is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from convenio.core.words import Message, _

LEAST = 5
"""Counts below this are not told, since a small one may point at a family."""

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Indicator:
    """One number for the scorecard.

    Args:
        name: as it is stored.
        title: as people call it.
        unit: unit of the number.
        compute: makes it from cases, rows with `compared`, `proposed`, `identified` (bool) and `days` (int, from the
            family's sample to the answer it was given).
    """

    name: str
    title: Message
    unit: Message
    compute: Callable[[Rows], float | None]


def counted(column: str) -> Callable[[Rows], float | None]:
    """Number of rows in which `column` is true; None where it is below five."""

    def compute(rows: Rows) -> float | None:
        number = sum(bool(row.get(column)) for row in rows)
        return float(number) if number >= LEAST else None

    return compute


def median_days(rows: Rows) -> float | None:
    """Median of `days`; None where fewer than five rows have it."""
    days = sorted(int(row["days"]) for row in rows if row.get("days") is not None)
    if len(days) < LEAST:
        return None
    half = len(days) // 2
    return float(days[half]) if len(days) % 2 else (days[half - 1] + days[half]) / 2


INDICATORS: tuple[Indicator, ...] = (
    Indicator("remains_compared", _("Remains compared with families"), _("remains"), counted("compared")),
    Indicator("remains_proposed", _("Remains proposed for identification"), _("remains"), counted("proposed")),
    Indicator("remains_identified", _("Remains identified by a board"), _("remains"), counted("identified")),
    Indicator("days_to_answer", _("Days from a family's sample to its answer, median"), _("days"), median_days),
)
