"""Farrington's methods: a count is held against a quasi-Poisson regression on the same season of earlier years.

Arguments bear the names that R's `surveillance` gives them. The bounds equal those of version 1.20.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.methods.bounds import Floats, Powertrans, ThresholdMethod, upperbound
from convenio.programs.early_warning.methods.monitor import monitor
from convenio.programs.early_warning.methods.reference import centres

NEVER = -1.0


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


def farrington_flexible(
    observed: ArrayLike,
    *,
    range_: Sequence[int] | None = None,
    freq: int = 52,
    dates: NDArray[np.datetime64] | None = None,
    population: ArrayLike | None = None,
    b: int = 5,
    w: int = 3,
    noPeriods: int = 10,
    pastWeeksNotIncluded: int = 26,
    reweight: bool = True,
    weightsThreshold: float = 2.58,
    trend: bool = True,
    pThresholdTrend: float = 1.0,
    thresholdMethod: ThresholdMethod = "nbPlugin",
    alpha: float = 0.01,
    powertrans: Powertrans = "2/3",
    limit54: tuple[int, int] = (5, 4),
) -> Monitored:
    """Farrington's method as improved by Noufaily and others (Farrington flexible).

    Args:
        observed: counts, (n,), NaN where missing.
        range_: 0-based time points to monitor; all that have a baseline without it.
        freq: time points in a year: 52, 12 or 365.
        dates: (n,), first day of each time point; years are then counted by the calendar.
        population: (n,), enters as an offset.
        b: years to go back.
        w: half-window about the same time of earlier years, in time points.
        noPeriods: seasonal levels; 1 for none.
        pastWeeksNotIncluded: last time points left out of the baseline.
        reweight: whether past outbreaks are weighed down.
        weightsThreshold: Anscombe residual above which they are.
        trend: whether a trend is fitted (from three years on).
        pThresholdTrend: largest p value at which it is kept; 1 keeps it wherever its mean stays in range.
        thresholdMethod: `delta`, `nbPlugin` or `muan`.
        alpha: one-sided false-alarm rate of one time point.
        powertrans: transformation of `delta`: `2/3`, `1/2` or `none`.
        limit54: (cases, period): no bound where fewer cases were seen in the last `period` time points.

    Returns:
        Bound, alarm, expected count and score of each time point.

    Raises:
        InputError: the series is shorter than its baseline, a count is negative, a population is not above 0.

    Source: Noufaily et al. 2013, Stat Med 32:1206.
    """
    held = counts_of(observed)
    points, out = _fitted(
        held, range_, freq, dates, population, b, w, noPeriods, pastWeeksNotIncluded, trend=trend,
        pThresholdTrend=pThresholdTrend, reweight=reweight, weightsThreshold=weightsThreshold, original=False,
    )  # fmt: skip
    bound = upperbound(out[:, 0], out[:, 1], out[:, 2], alpha=alpha, method=thresholdMethod, powertrans=powertrans)
    bound[_few(held, points, limit54)] = np.nan
    return monitored(held, points, bound, expected=out[:, 0], phi=out[:, 2])


def farrington(
    observed: ArrayLike,
    *,
    range_: Sequence[int] | None = None,
    freq: int = 52,
    dates: NDArray[np.datetime64] | None = None,
    b: int = 5,
    w: int = 3,
    reweight: bool = True,
    trend: bool = True,
    alpha: float = 0.01,
    powertrans: Powertrans = "2/3",
    limit54: tuple[int, int] = (5, 4),
) -> Monitored:
    """Farrington's method of 1996; the prediction interval is two-sided. Arguments as `farrington_flexible`.

    Where fewer cases than `limit54` were seen, the bound is 0 and there is no alarm.

    Source: Farrington et al. 1996, J R Stat Soc A 159:547.
    """
    held = counts_of(observed)
    points, out = _fitted(
        held, range_, freq, dates, None, b, w, 1, w, trend=trend, pThresholdTrend=0.05, reweight=reweight,
        weightsThreshold=1.0, original=True,
    )  # fmt: skip
    bound = upperbound(out[:, 0], out[:, 1], out[:, 2], alpha=alpha / 2.0, method="delta", powertrans=powertrans)
    few = _few(held, points, limit54)
    bound[few] = 0.0
    with np.errstate(invalid="ignore"):
        alarm = (held[points] > bound) & ~few
    return monitored(held, points, bound, alarm, out[:, 0], out[:, 2])


def _fitted(
    held: Floats, range_: Sequence[int] | None, freq: int, dates: NDArray[np.datetime64] | None,
    population: ArrayLike | None, b: int, w: int, noPeriods: int, pastWeeksNotIncluded: int, *, trend: bool,
    pThresholdTrend: float, reweight: bool, weightsThreshold: float, original: bool,
) -> tuple[NDArray[np.int64], Floats]:  # fmt: skip
    offset = _population(population, len(held))
    longer = 2 if dates is not None else 0
    points = places(range_, b * freq + w + longer if range_ is None else b * freq + w - b * 2, len(held))
    middle = centres(points, b, freq, dates)
    if middle[:, 0].min() < w:
        raise InputError(
            _("the series begins less than {b} years and {w} time points before the first to be monitored", b=b, w=w),
            advice=_("shorten b, start later, or leave the dates out so that years are counted in rows"),
        )
    critical = np.full(len(held) + 1, NEVER)
    if pThresholdTrend < 1.0:
        critical[0] = np.inf
        critical[1:] = stats.t.ppf(1.0 - pThresholdTrend / 2.0, np.arange(1, len(held) + 1))
    out = np.empty((len(points), 6))
    monitor(
        held, _by_value(held, offset), offset, points, middle, w, noPeriods, pastWeeksNotIncluded, trend and b >= 3,
        critical, reweight, weightsThreshold, original, out,
    )  # fmt: skip
    return points, out


def _by_value(y: Floats, population: Floats) -> Floats:
    """What the fit needs of every count: start, deviance at the start, constant, count to the two thirds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        start = y + 0.1
        response = (np.log(start / population) + (y - start) / start) * start
        own = np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0)), 0.0)
        deviance = own - y * np.log(start) - (y - start)
        constant = own - y - y * np.log(population)
    return np.stack([response, deviance, constant, np.cbrt(y) ** 2], axis=1)


def _population(population: ArrayLike | None, size: int) -> Floats:
    if population is None:
        return np.ones(size)
    held = np.asarray(population, dtype=np.float64)
    wrong = np.flatnonzero(~(held > 0))
    if held.shape != (size,) or len(wrong):
        raise InputError(
            _("a population is missing or not above 0"),
            where=_("time point {number}", number=int(wrong[0]) + 1 if len(wrong) else size),
            advice=_("give a population for every time point, or monitor counts without it"),
        )
    return held


def _few(y: Floats, points: NDArray[np.int64], limit54: tuple[int, int]) -> NDArray[np.bool_]:
    cases, period = limit54
    total = np.concatenate([[0.0], np.nancumsum(y)])
    return np.asarray(total[points + 1] - total[np.maximum(points + 1 - period, 0)] < cases)
