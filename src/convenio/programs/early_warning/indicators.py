"""Aggregates for the framework's scorecard: how many alarms were raised, decided, how quickly; no place is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from convenio.core.words import Message, _

LEAST = 5
"""Counts below this are not told, as everywhere on the scorecard."""

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Indicator:
    """One number for the scorecard.

    Args:
        name: as it is stored.
        title: as people call it.
        unit: unit of the number.
        compute: makes it from alarms, rows with `decided`, `verified` (bool) and `days` (int, from alarm to decision;
            None while nobody has decided).
    """

    name: str
    title: Message
    unit: Message
    compute: Callable[[Rows], float | None]


def counted(column: str | None) -> Callable[[Rows], float | None]:
    """Number of rows in which `column` is true, of all without one; None where it is below five."""

    def compute(rows: Rows) -> float | None:
        number = sum(1 if column is None else bool(row[column]) for row in rows)
        return float(number) if number >= LEAST else None

    return compute


def share_verified(rows: Rows) -> float | None:
    """Percent of the decided alarms that a person found to hold; None where fewer than five are decided."""
    decided = [bool(row["verified"]) for row in rows if row["decided"]]
    return round(100.0 * sum(decided) / len(decided), 1) if len(decided) >= LEAST else None


def median_days(rows: Rows) -> float | None:
    """Median of `days`; None where fewer than five rows have it."""
    days = sorted(int(row["days"]) for row in rows if row["days"] is not None)
    if len(days) < LEAST:
        return None
    half = len(days) // 2
    return float(days[half]) if len(days) % 2 else (days[half - 1] + days[half]) / 2


INDICATORS: tuple[Indicator, ...] = (
    Indicator("alarms_raised", _("Alarms raised"), _("alarms"), counted(None)),
    Indicator("alarms_decided", _("Alarms decided by a person"), _("alarms"), counted("decided")),
    Indicator("alarms_verified", _("Decided alarms that held"), _("%"), share_verified),
    Indicator("days_to_decision", _("Days from alarm to decision, median"), _("days"), median_days),
)
