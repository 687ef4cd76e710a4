"""Aggregates for the framework's scorecard: how much was decided, what was found, how quickly; no one is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from convenio.core.words import Message, _

LEAST = 5
"""Counts below this are not told, since a small one may point at a person."""

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Indicator:
    """One number for the scorecard.

    Args:
        name: as it is stored.
        title: as people call it.
        unit: unit of the number.
        compute: makes it from decisions on hits, rows with `is_listed` (bool) and `days` (int, from hit to decision).
    """

    name: str
    title: Message
    unit: Message
    compute: Callable[[Rows], float | None]


def _counted(number: int) -> float | None:
    return float(number) if number >= LEAST else None


def _median_days(rows: Rows) -> float | None:
    days = sorted(int(row["days"]) for row in rows if row.get("days") is not None)
    if len(days) < LEAST:
        return None
    half = len(days) // 2
    return float(days[half]) if len(days) % 2 else (days[half - 1] + days[half]) / 2


INDICATORS: tuple[Indicator, ...] = (
    Indicator("hits_decided", _("Screening hits decided"), _("hits"), lambda rows: _counted(sum(1 for _row in rows))),
    Indicator(
        "hits_confirmed",
        _("Screening hits confirmed"),
        _("hits"),
        lambda rows: _counted(sum(bool(row["is_listed"]) for row in rows)),
    ),
    Indicator("days_to_decision", _("Days from hit to decision, median"), _("days"), _median_days),
)
