"""A count is held against a regression on every week of its baseline: trend, and the harmonics that earn their place.

Farrington's methods compare with a few weeks of each year, or cut the year into steps. Here every week before counts,
so that the mean under test is known better from the same years: fewer outbreaks are lost for the same rate of false
alarms.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.methods.batch import BLOCK, MonitoredMany
from convenio.programs.early_warning.methods.bounds import calibrated
from convenio.programs.early_warning.methods.farrington import few, gaps
from convenio.programs.early_warning.methods.harmonic_fit import harmonic_fits
from convenio.programs.early_warning.methods.monitored import Floats, Monitored, counts_of, monitored, places
from convenio.programs.early_warning.methods.plan import population_of

TRIMMED = 0.005  # chance of an ordinary count that is left out: the 2.58 of Noufaily and others
MOST, MONTHS = 4, 3  # harmonics among which are chosen; of monthly series
LEAST_YEARS = 3  # for a trend
YEAR, DAILY, WEEKDAYS = 365.25, 365, 6


@dataclass(frozen=True)
class Harmonics:
    """Everything of a fit but the counts.

    Args:
        points: (k,), 0-based.
        first: (k,), first row of each baseline.
        after: (k,), the row after the last of each.
        design: (p, n): ones, years, weekdays, sines and cosines.
        fixed: (3,), as `harmonic_fit.chosen`.
    """

    points: NDArray[np.int64]
    first: NDArray[np.int64]
    after: NDArray[np.int64]
    design: Floats
    fixed: NDArray[np.int64]
    reweight: bool

    def fit(self, counts: Floats, offset: Floats) -> Floats:
        """Mean, variance of the mean over its square, dispersion and its own, number of harmonics: (k, 5)."""
        out = np.empty((len(self.points), 6))
        columns = np.arange(len(self.design))
        harmonic_fits(
            counts, offset, self.design, columns, self.fixed, self.points, self.first, self.after, self.reweight,
            TRIMMED, out,
        )  # fmt: skip
        spread = out[:, 1]
        # the mean of a gamma whose shape is known from as many cases as the variance says
        return np.stack([out[:, 0] * (1.0 + 0.5 * spread), 1.0 / (1.0 / spread + 0.5), *out[:, [2, 3, 5]].T], axis=1)


def harmonics(
    size: int, range_: Sequence[int] | None, freq: int, dates: NDArray[np.datetime64] | None, b: int,
    pastWeeksNotIncluded: int, S: int | None, *, trend: bool, reweight: bool,
) -> Harmonics:  # fmt: skip
    """Settings and baselines for series of `size` time points; arguments as `harmonic`.

    Raises:
        InputError: a time point under test has less than a year of baseline.
    """
    points = places(range_, freq + pastWeeksNotIncluded, size)
    if b < 1:
        raise InputError(_("a baseline has at least one year, not {b}", b=b), where="--b", advice=_("as in 5"))
    if dates is None:
        first = points - b * freq
        year = np.arange(size) / freq
    else:
        days = dates.astype("datetime64[D]").astype(np.float64)
        first = np.searchsorted(days, days[points] - b * YEAR)
        year = days / YEAR
    first = np.maximum(first, 0)
    most = (MOST if freq > 12 else MONTHS) if S is None else S
    if 2 * most >= freq:
        raise InputError(
            _("{S} harmonics are too many for {freq} time points a year", S=most, freq=freq), where="--S",
            advice=_("as in 2"),
        )  # fmt: skip
    long = trend and b >= LEAST_YEARS
    columns = [np.ones(size)]
    if long:
        columns.append(year - year[points[-1]])
    if freq >= DAILY:
        columns += [(np.arange(size) % 7 == day).astype(float) for day in range(WEEKDAYS)]
    for each in range(1, most + 1):
        columns += [np.sin(2.0 * np.pi * each * year), np.cos(2.0 * np.pi * each * year)]
    fixed = np.array([int(long), WEEKDAYS if freq >= DAILY else 0, int(S is None)])
    return Harmonics(
        points, first, points - pastWeeksNotIncluded, np.ascontiguousarray(columns), fixed, reweight
    )  # fmt: skip


def harmonic(
    observed: ArrayLike,
    *,
    range_: Sequence[int] | None = None,
    freq: int = 52,
    dates: NDArray[np.datetime64] | None = None,
    population: ArrayLike | None = None,
    b: int = 5,
    S: int | None = None,
    pastWeeksNotIncluded: int = 26,
    trend: bool = True,
    reweight: bool = True,
    alpha: float = 0.01,
    limit54: tuple[int, int] = (5, 4),
) -> Monitored:
    """A negative binomial regression on all time points of the baseline; the bound is that of `midp`. Not in R.

    Args:
        observed: counts, (n,), NaN where missing.
        range_: 0-based time points to monitor; all that have a year of baseline without it.
        freq: time points in a year: 52, 12 or 365; daily series have an effect of the weekday too.
        dates: (n,), first day of each time point; the season then follows the calendar.
        population: (n,), enters as an offset.
        b: years to go back; fewer where fewer are there.
        S: harmonics of the year; without it as many as earn their place, of at most four (three in monthly series).
        pastWeeksNotIncluded: last time points left out of the baseline.
        trend: whether a trend is fitted, from three years on. It stays where it earns its place.
        reweight: whether past outbreaks are trimmed: counts that the fitted law exceeds with a chance below 0.005.
        alpha: one-sided false-alarm rate of one time point.
        limit54: (cases, period): no bound where fewer cases were seen in the last `period` time points.

    What earns its place is what Akaike's criterion keeps: trend, weekdays and the harmonics above the last that stays
    go where their Wald statistic is at most twice the number of their coefficients.

    Raises:
        InputError: the series is shorter than a year and `pastWeeksNotIncluded`, a count is negative, a population is
            not above 0.

    Source: `harmonic_fit`; Serfling 1963, Public Health Rep 78:494 (regression on harmonics); `calibration`.
    """
    held = counts_of(observed)
    made = harmonics(len(held), range_, freq, dates, b, pastWeeksNotIncluded, S, trend=trend, reweight=reweight)
    out = made.fit(held, np.log(population_of(population, len(held))))
    bound = calibrated(out[:, 0], out[:, 1], out[:, 2], out[:, 3], alpha=alpha)
    bound[few(held, made.points, limit54) | gaps(held, made.points, limit54)] = np.nan
    return monitored(held, made.points, bound, expected=out[:, 0], phi=out[:, 2])


def harmonic_many(
    observed: NDArray[np.float64],
    *,
    range_: Sequence[int] | None = None,
    freq: int = 52,
    dates: NDArray[np.datetime64] | None = None,
    b: int = 5,
    S: int | None = None,
    pastWeeksNotIncluded: int = 26,
    trend: bool = True,
    reweight: bool = True,
    alpha: float = 0.01,
    limit54: tuple[int, int] = (5, 4),
    threads: int | None = None,
) -> MonitoredMany:
    """`harmonic` of every row, (s, n), on every core; no population."""
    made = harmonics(observed.shape[1], range_, freq, dates, b, pastWeeksNotIncluded, S, trend=trend, reweight=reweight)
    shape = (len(observed), len(made.points))
    found = MonitoredMany(
        made.points, np.empty(shape), np.empty(shape), np.empty(shape, bool), *(np.empty(shape) for _i in range(3))
    )
    offset = np.zeros(observed.shape[1])

    def work(start: int) -> None:
        for row in range(start, min(start + BLOCK, shape[0])):
            held = counts_of(observed[row])
            out = made.fit(held, offset)
            bound = calibrated(out[:, 0], out[:, 1], out[:, 2], out[:, 3], alpha=alpha)
            bound[few(held, made.points, limit54) | gaps(held, made.points, limit54)] = np.nan
            one = monitored(held, made.points, bound, expected=out[:, 0], phi=out[:, 2])
            for name in ("observed", "upperbound", "alarm", "expected", "score", "phi"):
                getattr(found, name)[row] = getattr(one, name)

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        list(pool.map(work, range(0, shape[0], BLOCK)))
    return found
