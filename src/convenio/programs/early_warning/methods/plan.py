"""What a Farrington fit needs besides the counts, worked out once for many series: time points, windows, settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.methods.monitor import monitor
from convenio.programs.early_warning.methods.monitored import Floats, places
from convenio.programs.early_warning.methods.reference import centres

NEVER = -1.0
COLUMNS = 10


@dataclass(frozen=True)
class Plan:
    """Settings and windows; see `monitor` for the columns that `fit` returns.

    Args:
        points: (k,), 0-based time points to monitor.
        middle: (k, b + 1), the same time of each earlier year.
        levels: noPeriods.
        past: pastWeeksNotIncluded.
        threshold: weightsThreshold.
        critical: (n + 1,), critical values of the trend's t statistic.
        dated: whether time points have dates.
        times: (n,), the day of each time point where they are unevenly apart; else empty.
    """

    points: NDArray[np.int64]
    middle: NDArray[np.int64]
    critical: Floats
    w: int
    levels: int
    past: int
    trend: bool
    reweight: bool
    threshold: float
    original: bool
    calibrate: bool
    every: int
    times: Floats
    dated: bool

    def fit(self, held: Floats, population: Floats) -> Floats:
        """Fit one series; counts and population (n,)."""
        out = np.full((len(self.points), COLUMNS), np.nan)
        monitor(
            held, _by_value(held, population), population, self.points, self.middle, self.w, self.levels,
            self.past, self.trend, self.critical, self.reweight, self.threshold, self.original,
            self.calibrate, self.every, self.times, self.dated, out,
        )  # fmt: skip
        return out


def plan(
    size: int, range_: Sequence[int] | None, freq: int, dates: NDArray[np.datetime64] | None, b: int, w: int,
    noPeriods: int, pastWeeksNotIncluded: int, *, trend: bool, pThresholdTrend: float, reweight: bool,
    weightsThreshold: float, original: bool = False, calibrate: bool = False, sameWeekday: bool = False,
) -> Plan:  # fmt: skip
    """A plan for series of `size` time points.

    Raises:
        InputError: a time point to be monitored has no whole baseline.
    """
    longer = 2 if dates is not None else 0
    points = places(range_, b * freq + w + longer if range_ is None else b * freq + w - b * 2, size)
    middle = centres(points, b, freq, dates)
    if middle[:, 0].min() < w:
        raise InputError(
            _("the series begins less than {b} years and {w} time points before the first to be monitored", b=b, w=w),
            advice=_("shorten b, start later, or leave the dates out so that years are counted in rows"),
        )
    if sameWeekday and freq < 365:
        raise InputError(
            _("weekdays are for daily series, not for {freq} time points a year", freq=freq),
            advice=_("leave sameWeekday out"),
        )
    critical = np.full(size + 1, NEVER)
    if pThresholdTrend < 1.0:
        critical[0] = np.inf
        critical[1:] = stats.t.ppf(1.0 - pThresholdTrend / 2.0, np.arange(1, size + 1))
    return Plan(
        points, middle, critical, w, noPeriods, pastWeeksNotIncluded, trend and b >= 3, reweight, weightsThreshold,
        original, calibrate, 7 if sameWeekday else 1, _times(None if original else dates),
        dates is not None and not sameWeekday,
    )  # fmt: skip


def _times(dates: NDArray[np.datetime64] | None) -> Floats:
    """Days, where time points lie unevenly apart, as months do: R's trend runs over the calendar then."""
    if dates is None:
        return np.empty(0)
    days = dates.astype("datetime64[D]").astype(np.float64)
    return days if len(np.unique(np.diff(days))) > 1 else np.empty(0)


def _by_value(y: Floats, population: Floats) -> Floats:
    """What the fit needs of every count: start, deviance at the start, constant, count to the two thirds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        start = y + 0.1
        response = (np.log(start / population) + (y - start) / start) * start
        own = np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0)), 0.0)
        deviance = own - y * np.log(start) - (y - start)
        constant = own - y - y * np.log(population)
    return np.stack([response, deviance, constant, np.cbrt(y) ** 2], axis=1)


def population_of(population: ArrayLike | None, size: int) -> Floats:
    """A population for every time point; ones without any.

    Raises:
        InputError: one is missing or not above 0.
    """
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
