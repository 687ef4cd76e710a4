"""Thousands of series over the same time points at once: `farrington_flexible` without Python for each of them.

>>> import numpy as np
>>> counts = np.random.default_rng(1).poisson(5, (3, 320))
>>> farrington_flexible_many(counts, range_=[319]).upperbound.shape
(3, 1)
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.methods.bounds import Powertrans, ThresholdMethod
from convenio.programs.early_warning.methods.farrington import bounds, few, gaps
from convenio.programs.early_warning.methods.monitored import Floats
from convenio.programs.early_warning.methods.plan import COLUMNS, Plan, plan

BLOCK = 256


@dataclass(frozen=True)
class MonitoredMany:
    """What a method says of many series; as `Monitored`, with a row for every series.

    Args:
        time_points: (k,), 0-based.
        observed: (s, k).
        upperbound: (s, k).
        alarm: (s, k).
        expected: (s, k).
        score: (s, k).
        phi: (s, k).
    """

    time_points: NDArray[np.int64]
    observed: Floats
    upperbound: Floats
    alarm: NDArray[np.bool_]
    expected: Floats
    score: Floats
    phi: Floats


def farrington_flexible_many(  # noqa: D417 - the other arguments are farrington_flexible's
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
    threads: int | None = None,
) -> MonitoredMany:
    """`farrington_flexible` of every row, on every core.

    Args:
        observed: counts, (s, n), NaN where missing. A memory-mapped array is read block by block, so that what is
            held in memory is the answer and a few hundred series.
        population: (s, n) or (n,).
        threads: how many at once; one a core without it.

    The other arguments are `farrington_flexible`'s.

    Raises:
        InputError: as there; the error names the row.
    """
    held = observed if isinstance(observed, np.ndarray) else np.asarray(observed)
    if held.ndim != 2:
        raise InputError(
            _("many series are a table of two dimensions, one row a series, not of {number}", number=held.ndim),
            advice=_("use farrington_flexible for one series"),
        )
    shared = None if population is None else np.asarray(population, dtype=np.float64)
    if shared is not None and (shared.shape not in {held.shape, held.shape[1:]} or not bool(np.all(shared > 0))):
        raise InputError(
            _("a population is missing or not above 0"),
            advice=_("give a population for every time point, or monitor counts without it"),
        )
    made = plan(
        held.shape[1], range_, freq, dates, b, w, noPeriods, pastWeeksNotIncluded, trend=trend,
        pThresholdTrend=pThresholdTrend, reweight=reweight, weightsThreshold=weightsThreshold,
        calibrate=thresholdMethod == "midp", sameWeekday=sameWeekday,
    )  # fmt: skip
    shape = (held.shape[0], len(made.points))
    found = MonitoredMany(
        made.points, np.empty(shape), np.empty(shape), np.empty(shape, bool), *(np.empty(shape) for _i in range(3))
    )

    def work(first: int) -> None:
        counts = np.array(held[first : first + BLOCK], dtype=np.float64)
        _not_negative(counts, first)
        people = np.ones(counts.shape[1]) if shared is None else shared
        out = np.concatenate(list(_fits(made, counts, people if people.ndim == 1 else people[first : first + BLOCK])))
        bound, expected, phi = bounds(out, alpha=alpha, method=thresholdMethod, powertrans=powertrans)
        bound = bound.reshape(-1, shape[1])
        for row, each in enumerate(counts):
            bound[row, few(each, made.points, limit54) | gaps(each, made.points, limit54)] = np.nan
        here = slice(first, first + len(counts))
        now, mean = counts[:, made.points], expected.reshape(bound.shape)
        found.observed[here], found.upperbound[here], found.expected[here] = now, bound, mean
        found.phi[here] = phi.reshape(bound.shape)
        with np.errstate(invalid="ignore", divide="ignore"):
            found.alarm[here] = now > bound
            found.score[here] = (now - mean) / (bound - mean)

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        list(pool.map(work, range(0, shape[0], BLOCK)))
    return found


def _fits(made: Plan, counts: Floats, population: Floats) -> Iterator[Floats]:
    yield np.empty((0, COLUMNS))
    for row, each in enumerate(counts):
        yield made.fit(each, population if population.ndim == 1 else population[row])


def _not_negative(counts: Floats, first: int) -> None:
    wrong = np.argwhere(counts < 0)
    if len(wrong):
        row, place = int(wrong[0][0]), int(wrong[0][1])
        raise InputError(
            _("a count is negative: {value}", value=f"{counts[row, place]:g}"),
            where=_("series {series}, time point {number}", series=first + row + 1, number=place + 1),
            advice=_("counts are 0 or more; is this a difference or a correction?"),
        )
