"""A seasonal Poisson regression on the time points before those that are monitored.

Source: Höhle and Paul 2008, Comput Stat Data Anal 52:4357, section 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.methods.monitored import Floats

STEPS = 25
SETTLED = 1e-8
ENOUGH = 2.0**-13  # the fourth root of the spacing of numbers at 1
SMALLEST = 1e-9


def seasonal_mean(held: Floats, points: NDArray[np.int64], *, S: int, trend: bool, freq: int) -> Floats:
    """The expected counts at `points`, from a regression on all before the first.

    Args:
        held: counts, (n,).
        points: 0-based time points.
        S: harmonics of the year.
        trend: whether a trend is fitted.
        freq: time points in a year.

    Raises:
        InputError: too few time points lie before, or none of them has a case.
    """
    return negative_binomial_mean(held, points, S=S, trend=trend, freq=freq, alpha=0.0)


def negative_binomial_mean(
    held: Floats, points: NDArray[np.int64], *, S: int, trend: bool, freq: int, alpha: float
) -> Floats:
    """As `seasonal_mean`, with a negative binomial whose variance is mean + alpha * mean ** 2."""
    before = _usable(held, points, S)
    coefficients, _mean = _fit(_design(before, S, trend=trend, freq=freq), held[before], alpha)
    return np.asarray(np.exp(_design(points, S, trend=trend, freq=freq) @ coefficients))


def negative_binomial(
    held: Floats, points: NDArray[np.int64], *, S: int, trend: bool, freq: int
) -> tuple[Floats, float]:
    """The expected counts at `points` and the overdispersion alpha, by maximum likelihood on all before the first.

    Arguments as `seasonal_mean`. Coefficients and alpha are improved in turn until neither moves.
    """
    before = _usable(held, points, S)
    design, y = _design(before, S, trend=trend, freq=freq), held[before]
    coefficients, mean = _fit(design, y, 0.0)
    size = _size(y, mean)
    scale, likelihood, last = np.sqrt(2.0 * max(1, len(y) - design.shape[1])), np.inf, np.inf
    for _step in range(STEPS):
        coefficients, fitted = _fit(design, y, 1.0 / size, mean)
        last, size = size, _size(y, mean)
        mean = fitted
        before_it, likelihood = likelihood, _likelihood(y, mean, size)
        if abs(before_it - likelihood) / scale + abs(size - last) < SETTLED:
            break
    return np.asarray(np.exp(_design(points, S, trend=trend, freq=freq) @ coefficients)), 1.0 / size


def _likelihood(y: Floats, mean: Floats, size: float) -> float:
    """The log-likelihood, but for what depends on the counts alone."""
    return float(
        np.sum(
            gammaln(size + y)
            - gammaln(size)
            + size * np.log(size)
            + y * np.log(mean)
            - (size + y) * np.log(size + mean)
        )
    )


def _size(y: Floats, mean: Floats) -> float:
    """The size (1 / alpha) that makes the counts most likely, by Newton's steps from its moment estimate.

    They end as R's do: when a step is below 1.2e-4, or after 24 of them. Where counts are hardly more spread than
    Poisson's, or the seasonal mean is far from them, the steps run away and the last one is taken, as in R.
    """
    size, step = len(y) / float(np.sum((y / mean - 1.0) ** 2)), 1.0
    for _step in range(STEPS - 1):
        size = abs(size)
        slope = float(
            np.sum(
                digamma(y + size)
                - digamma(size)
                + np.log(size)
                + 1.0
                - np.log(size + mean)
                - (y + size) / (size + mean)
            )
        )
        bend = float(
            np.sum(
                polygamma(1, y + size)
                - polygamma(1, size)
                + 1.0 / size
                - 2.0 / (mean + size)
                + (y + size) / (mean + size) ** 2
            )
        )
        step = -slope / bend
        size += step
        if abs(step) <= ENOUGH:
            break
    return max(size, SMALLEST)


def _usable(held: Floats, points: NDArray[np.int64], S: int) -> NDArray[np.int64]:
    before = np.arange(points[0])
    before = before[~np.isnan(held[before])]
    if len(before) <= 2 * S + 2 or held[before].sum() == 0:
        raise InputError(
            _("too few cases lie before the first time point to be monitored"),
            advice=_("start later, or give the mean in control (m, mu0)"),
        )
    return before


def _fit(design: Floats, y: Floats, alpha: float, start: Floats | None = None) -> tuple[Floats, Floats]:
    """A Poisson or negative binomial regression on a log link, by iteratively reweighted least squares.

    It stops when the deviance moves by less than 1e-8 of itself, as R's `glm` does.
    """
    mean: Floats = (y + 0.1 if alpha == 0.0 else y + (y == 0.0) / 6.0) if start is None else start
    coefficients: Floats = np.zeros(design.shape[1])
    last = _deviance(y, mean, alpha)
    for _step in range(STEPS):
        weight = mean / (1.0 + alpha * mean)
        response = np.log(mean) + (y - mean) / mean
        weighted = design.T * weight
        coefficients = np.asarray(np.linalg.solve(weighted @ design, weighted @ response), np.float64)
        mean = np.asarray(np.exp(design @ coefficients), dtype=np.float64)
        deviance = _deviance(y, mean, alpha)
        if abs(deviance - last) / (abs(deviance) + 0.1) < SETTLED:
            break
        last = deviance
    return coefficients, mean


def _deviance(y: Floats, mean: Floats, alpha: float) -> float:
    own = np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0) / mean), 0.0)
    if alpha == 0.0:
        return 2.0 * float(np.sum(own - (y - mean)))
    return 2.0 * float(np.sum(own - (y + 1.0 / alpha) * np.log((1.0 + alpha * y) / (1.0 + alpha * mean))))


def _design(points: NDArray[np.int64], S: int, *, trend: bool, freq: int) -> Floats:
    t = points + 1.0
    columns = [np.ones(len(t)), *([t] if trend else [])]
    for each in range(1, S + 1):
        columns += [np.sin(2.0 * np.pi * each * t / freq), np.cos(2.0 * np.pi * each * t / freq)]
    return np.stack(columns, axis=1)
