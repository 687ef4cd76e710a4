"""A seasonal Poisson regression on the time points before those that are monitored.

Source: Höhle and Paul 2008, Comput Stat Data Anal 52:4357, section 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.methods.bounds import Floats

STEPS = 25
SETTLED = 1e-8


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
    before = np.arange(points[0])
    before = before[~np.isnan(held[before])]
    if len(before) <= 2 * S + 2 or held[before].sum() == 0:
        raise InputError(
            _("too few cases lie before the first time point to be monitored"),
            advice=_("start later, or give the mean in control (m, mu0)"),
        )
    coefficients = _fit(_design(before, S, trend=trend, freq=freq), held[before])
    return np.asarray(np.exp(_design(points, S, trend=trend, freq=freq) @ coefficients))


def negative_binomial(
    held: Floats, points: NDArray[np.int64], *, S: int, trend: bool, freq: int
) -> tuple[Floats, float]:
    """The expected counts at `points` and the overdispersion alpha, by maximum likelihood on all before the first.

    Arguments as `seasonal_mean`. The variance is mean + alpha * mean ** 2.
    """
    before = np.flatnonzero(~np.isnan(held[: points[0]]))
    design, y = _design(before, S, trend=trend, freq=freq), held[before]

    def minus_likelihood(p: Floats) -> float:
        mean, size = np.exp(design @ p[:-1]), np.exp(p[-1])
        likelihood = gammaln(y + size) - gammaln(size) + size * np.log(size / (size + mean))
        return -float(np.sum(likelihood + y * np.log(mean / (size + mean))))

    found = minimize(minus_likelihood, np.append(_fit(design, y), 0.5), method="BFGS", options={"gtol": 1e-10})
    mean = np.exp(_design(points, S, trend=trend, freq=freq) @ found.x[:-1])
    return np.asarray(mean), float(np.exp(-found.x[-1]))


def _fit(design: Floats, y: Floats) -> Floats:
    """A Poisson regression; it stops when the deviance moves by less than 1e-8 of itself, as R's `glm` does."""
    mean: Floats = y + 0.1
    coefficients: Floats = np.zeros(design.shape[1])
    own = np.where(y > 0, y * np.log(np.where(y > 0, y, 1.0)), 0.0)
    last = 2.0 * float(np.sum(own - y * np.log(mean) - (y - mean)))
    for _step in range(STEPS):
        response = np.log(mean) + (y - mean) / mean
        coefficients = np.asarray(np.linalg.solve((design.T * mean) @ design, (design.T * mean) @ response), np.float64)
        mean = np.asarray(np.exp(design @ coefficients), dtype=np.float64)
        deviance = 2.0 * float(np.sum(own - y * np.log(mean) - (y - mean)))
        if abs(deviance - last) / (abs(deviance) + 0.1) < SETTLED:
            break
        last = deviance
    return coefficients


def _design(points: NDArray[np.int64], S: int, *, trend: bool, freq: int) -> Floats:
    t = points + 1.0
    columns = [np.ones(len(t)), *([t] if trend else [])]
    for each in range(1, S + 1):
        columns += [np.sin(2.0 * np.pi * each * t / freq), np.cos(2.0 * np.pi * each * t / freq)]
    return np.stack(columns, axis=1)
