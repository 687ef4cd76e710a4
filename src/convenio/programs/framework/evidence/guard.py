"""Small counts stay untold also as differences: of two numbers of one day, and of one number on two days.

Two numbers made from the same rows tell a third by subtraction: of nine hits decided and seven confirmed, two were
not. One number on two days tells how many came between. Where what could be subtracted is under five, the smaller
number is held back, and a number stands as it was told until five rows or more have changed.

Source: primary and complementary suppression, Hundepool et al. 2012, Statistical Disclosure Control, chapters 4 and 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEAST = 5
ROUNDED = 0.05
"""Shares are told to a tenth of a percent."""

Basis = Mapping[str, int]


@dataclass(frozen=True)
class Measure:
    """What a number was made from.

    Args:
        name: the aggregate.
        number: it; None where it is not told.
        is_share: whether it is a percentage.
        is_count: whether it counts rows.
        rows: how many rows there were; None where the rows are counts themselves.
        basis: how many rows hold the same in the columns that were read.
        parts: how many rows are true in each column of yes and no that was read.
    """

    name: str
    number: float | None
    is_share: bool
    is_count: bool
    rows: int | None
    basis: Basis
    parts: Mapping[str, int]


def small(number: float) -> bool:
    """Whether a count is one that is not told; none at all may be told."""
    return 0 < round(number) < LEAST


def held_back(measures: Sequence[Measure]) -> set[str]:
    """The numbers of one program and one day that would tell a small count by subtraction.

    Args:
        measures: every aggregate of the program.

    Returns:
        Names of those that are not to be told.
    """
    told = [each for each in measures if each.number is not None and each.rows is not None]
    counts = sorted((each for each in told if each.is_count), key=lambda each: -(each.number or 0.0))
    kept: list[Measure] = []
    back: set[str] = set()
    for each in counts:
        if any(small((one.number or 0.0) - (each.number or 0.0)) for one in kept):
            back.add(each.name)
        else:
            kept.append(each)
    for each in told:
        if each.is_share and any(_tells(each.number or 0.0, of) for of in {each.rows or 0, *each.parts.values()}):
            back.add(each.name)
    return back


def rows_told(measures: Iterable[Measure], back: set[str]) -> bool:
    """Whether the number of rows may stand beside the numbers: not where the rest could be found by subtraction."""
    counts = [each for each in measures if each.is_count and each.rows is not None and each.name not in back]
    rest = [(each.rows or 0) - each.number for each in counts if each.number is not None]
    hidden = [each for each in measures if each.name in back and each.is_count]
    return not any(small(each) for each in rest) and not hidden


def changed_enough(measure: Measure, before: Basis, number: float) -> bool:
    """Whether a number may be told anew.

    Args:
        measure: as it is today.
        before: what the number was made from when it was last told.
        number: what was told then.
    """
    now, then = Counter(measure.basis), Counter(before)
    rows = max(sum((now - then).values()), sum((then - now).values()))
    by = abs((measure.number or 0.0) - number)
    return rows >= LEAST and (not measure.is_count or by >= LEAST or by == 0)


def basis_of(rows: Iterable[Mapping[str, Any]], read: Iterable[str]) -> Basis:
    """How many rows hold the same in the columns that were read."""
    columns = sorted(read)
    return Counter(";".join(f"{name}={row[name]}" for name in columns) for row in rows)


def _tells(share: float, of: int) -> bool:
    """Whether a percentage of so many rows tells a small count, of those it counts or of the others."""
    part = share * of / 100
    near = abs(part - round(part)) <= ROUNDED * of / 100 + 1e-9
    return near and (small(part) or small(of - part))
