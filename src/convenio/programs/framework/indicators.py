"""Aggregates of the house itself for the scorecard: what passed the border, what was refused, what is kept at home."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from convenio.core.words import Message, _

LEAST = 5
"""Counts below this are not told, since a small one may point at a case."""

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Indicator:
    """One number for the scorecard.

    Args:
        name: as it is stored.
        title: as people call it.
        unit: unit of the number.
        compute: makes it from counts: rows with `asked`, `answered`, `requests`, `released`, `received`, `refused` and
            `records` (int).
    """

    name: str
    title: Message
    unit: Message
    compute: Callable[[Rows], float | None]


def counted(*columns: str) -> Callable[[Rows], float | None]:
    """The sum of `columns`; None where it is below five."""

    def compute(rows: Rows) -> float | None:
        number = sum(int(row[column]) for row in rows for column in columns)
        return float(number) if number >= LEAST else None

    return compute


INDICATORS: tuple[Indicator, ...] = (
    Indicator("blind_matches", _("Blind matches, asked and answered"), _("matches"), counted("asked", "answered")),
    Indicator("requests", _("Requests under a clause, in both directions"), _("requests"), counted("requests")),
    Indicator("releases", _("Releases given and received"), _("releases"), counted("released", "received")),
    Indicator("refusals", _("Acts refused, each with a receipt"), _("acts"), counted("refused")),
    Indicator("records_kept", _("Records that the party keeps at home"), _("records"), counted("records")),
)
