"""What every method gives back, and the two checks that every method makes of what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convenio.core.errors import InputError
from convenio.core.words import _

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Monitored:
    """What a method says of one series.

    Args:
        time_points: (k,), 0-based places in the series.
        observed: (k,), counts.
        upperbound: (k,), cases; NaN where the method gives none.
        alarm: (k,), whether the count lies above its bound.
        expected: (k,), expected counts; NaN where the method has none.
        score: (k,), (observed - expected) / (upperbound - expected); above 1 is an alarm.
        phi: (k,), dispersion; NaN where the method has none.
    """

    time_points: NDArray[np.int64]
    observed: Floats
    upperbound: Floats
    alarm: NDArray[np.bool_]
    expected: Floats
    score: Floats
    phi: Floats


def monitored(
    observed: Floats, points: NDArray[np.int64], bound: Floats, alarm: NDArray[np.bool_] | None = None,
    expected: Floats | None = None, phi: Floats | None = None,
) -> Monitored:  # fmt: skip
    """What a method says, from its bounds; an alarm is a count above its bound unless told otherwise."""
    now = observed[points]
    nothing = np.full(len(points), np.nan)
    expected = nothing if expected is None else expected
    with np.errstate(invalid="ignore", divide="ignore"):
        alarm = now > bound if alarm is None else alarm
        score = (now - expected) / (bound - expected)
    return Monitored(points, now, bound, alarm, expected, score, nothing if phi is None else phi)


def counts_of(observed: ArrayLike) -> Floats:
    """Counts as numbers, NaN where missing.

    Raises:
        InputError: one is negative; the error names the first.
    """
    held = np.asarray(observed, dtype=np.float64)
    if held.ndim != 1:
        raise InputError(_("a series of counts has one dimension, not {number}", number=held.ndim))
    wrong = np.flatnonzero(held < 0)
    if len(wrong):
        raise InputError(
            _("a count is negative: {value}", value=f"{held[wrong[0]]:g}"),
            where=_("time point {number}", number=int(wrong[0]) + 1),
            advice=_("counts are 0 or more; is this a difference or a correction?"),
        )
    return held


def places(range_: Sequence[int] | NDArray[np.int64] | None, first: int, size: int) -> NDArray[np.int64]:
    """The 0-based time points to monitor: those given, or all from `first` on.

    Raises:
        InputError: one lies before the baseline is complete, or after the end.
    """
    found = np.arange(first, size) if range_ is None else np.asarray(range_, dtype=np.int64)
    if not len(found) or found.min() < first or found.max() >= size:
        raise InputError(
            _(
                "the series is too short: {size} time points, the first {first} are the baseline",
                size=size,
                first=first,
            ),
            advice=_("use a shorter baseline (b, w), or a longer series"),
        )
    return found
