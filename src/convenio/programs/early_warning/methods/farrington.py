"""Farrington's methods: a count is held against a quasi-Poisson regression on the same season of earlier years.

Arguments bear the names that R's `surveillance` gives them. The bounds equal those of version 1.20.3.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convenio.programs.early_warning.methods.bounds import Powertrans, ThresholdMethod, calibrated, upperbound
from convenio.programs.early_warning.methods.monitored import Floats, Monitored, counts_of, monitored
from convenio.programs.early_warning.methods.plan import plan, population_of


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
    sameWeekday: bool = False,
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
        thresholdMethod: `delta`, `nbPlugin` or `muan`, as R has them; or `midp`, whose false-alarm rate is closest to
            `alpha`: it takes back what the weights take from ordinary weeks, allows for mean and dispersion being
            estimates, and halves the chance of the bound itself (`methods/calibration.py`).
        alpha: one-sided false-alarm rate of one time point.
        powertrans: transformation of `delta`: `2/3`, `1/2` or `none`.
        limit54: (cases, period): no bound where fewer cases were seen in the last `period` time points.
        sameWeekday: daily series: only days of the same weekday are compared; R has no such argument.

    Returns:
        Bound, alarm, expected count and score of each time point.

    Raises:
        InputError: the series is shorter than its baseline, a count is negative, a population is not above 0.

    Source: Noufaily et al. 2013, Stat Med 32:1206.
    """
    held = counts_of(observed)
    made = plan(
        len(held), range_, freq, dates, b, w, noPeriods, pastWeeksNotIncluded, trend=trend,
        pThresholdTrend=pThresholdTrend, reweight=reweight, weightsThreshold=weightsThreshold,
        calibrate=thresholdMethod == "midp", sameWeekday=sameWeekday,
    )  # fmt: skip
    out = made.fit(held, population_of(population, len(held)))
    bound, expected, phi = bounds(out, alpha=alpha, method=thresholdMethod, powertrans=powertrans)
    bound[few(held, made.points, limit54) | gaps(held, made.points, limit54)] = np.nan
    return monitored(held, made.points, bound, expected=expected, phi=phi)


def bounds(
    out: Floats, *, alpha: float, method: ThresholdMethod, powertrans: Powertrans
) -> tuple[Floats, Floats, Floats]:
    """Bound, expected count and dispersion from the columns of a fit, each (k,)."""
    if method == "midp":
        return calibrated(out[:, 6], out[:, 7], out[:, 8], out[:, 9], alpha=alpha), out[:, 6], out[:, 8]
    found = upperbound(out[:, 0], out[:, 1], out[:, 2], alpha=alpha, method=method, powertrans=powertrans)
    return found, out[:, 0], out[:, 2]


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
    made = plan(
        len(held), range_, freq, dates, b, w, 1, w, trend=trend, pThresholdTrend=0.05, reweight=reweight,
        weightsThreshold=1.0, original=True,
    )  # fmt: skip
    out = made.fit(held, np.ones(len(held)))
    bound = upperbound(out[:, 0], out[:, 1], out[:, 2], alpha=alpha / 2.0, method="delta", powertrans=powertrans)
    under = few(held, made.points, limit54)
    bound[under] = 0.0
    bound[gaps(held, made.points, limit54)] = np.nan
    with np.errstate(invalid="ignore"):
        alarm = (held[made.points] > bound) & ~under
    return monitored(held, made.points, bound, alarm, out[:, 0], out[:, 2])


def few(y: Floats, points: NDArray[np.int64], limit54: tuple[int, int]) -> NDArray[np.bool_]:
    """Where fewer cases than `limit54` were seen, (k,)."""
    cases, period = limit54
    total = np.concatenate([[0.0], np.nancumsum(y)])
    return np.asarray(total[points + 1] - total[np.maximum(points + 1 - period, 0)] < cases)


def gaps(y: Floats, points: NDArray[np.int64], limit54: tuple[int, int]) -> NDArray[np.bool_]:
    """Where a count is missing among those that `limit54` adds up, (k,): R gives no bound then."""
    missing = np.concatenate([[0], np.cumsum(np.isnan(y))])
    return np.asarray(missing[points + 1] > missing[np.maximum(points + 1 - limit54[1], 0)])
