"""Probabilities and quantiles of Poisson and negative binomial counts, by mean and dispersion (variance over mean).

They are summed term by term, so that a mean next to 0 or a dispersion next to 1 is as good as any other; scipy's own
quantile ends the process there.

Source: Johnson, Kemp and Kotz 2005, Univariate Discrete Distributions, section 5.1.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np
from scipy import stats

from convenio.programs.early_warning.methods.monitored import Floats

NEGLIGIBLE = 1e-13
TIE = 1e-13
LARGE = 1e7


@nb.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def log_probability(y: float, mean: float, phi: float) -> float:  # pragma: no cover
    """The logarithm of the probability of `y` cases; variance is `phi` times `mean`."""
    if phi <= 1.0 + 1e-9:
        return y * math.log(mean) - mean - math.lgamma(y + 1.0)
    size = mean / (phi - 1.0)
    return (
        math.lgamma(y + size) - math.lgamma(size) - math.lgamma(y + 1.0) - size * math.log(phi)
        + y * math.log((phi - 1.0) / phi)
    )  # fmt: skip


@nb.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def ratio(y: float, mean: float, phi: float) -> float:  # pragma: no cover
    """The probability of y + 1 cases over that of y."""
    if phi <= 1.0 + 1e-9:
        return mean / (y + 1.0)
    return (y + mean / (phi - 1.0)) / (y + 1.0) * (phi - 1.0) / phi


@nb.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def above(y: float, p: float, mean: float, phi: float) -> float:  # pragma: no cover
    """The probability of more than `y` cases, summed from above the mean until nothing more comes."""
    total = 0.0
    each = p
    while True:
        each *= ratio(y, mean, phi)
        y += 1.0
        total += each
        if (each <= NEGLIGIBLE * total and y > mean) or each == 0.0:
            return float(total)


@nb.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _quantiles(mean: Floats, phi: Floats, alpha: float, out: Floats) -> None:  # pragma: no cover
    for i in range(mean.shape[0]):
        m, d = mean[i], phi[i]
        if not m >= 0.0 or not d > 0.0 or m > LARGE:
            out[i] = math.nan
            continue
        if m == 0.0:
            out[i] = 0.0
            continue
        y = float(math.floor(m + 2.0 * math.sqrt(max(d, 1.0) * m)))
        p = math.exp(log_probability(y, m, d))
        more = above(y, p, m, d)
        sure = 1e-4 * more
        enough = alpha * (1.0 + TIE)
        while more > enough:
            p *= ratio(y, m, d)
            y += 1.0
            more -= p
            if more < sure:  # what was subtracted is far more than what is left
                more = above(y, p, m, d)
                sure = 1e-4 * more
        while y > 0.0 and more + p <= enough:
            more += p
            y -= 1.0
            p = math.exp(log_probability(y, m, d))
        out[i] = y


def quantiles(mean: Floats, phi: Floats, alpha: float) -> Floats:
    """The least count that is exceeded with a probability of at most `alpha`.

    Args:
        mean: means, any shape; NaN and infinity give NaN.
        phi: dispersions, the same shape; 1 for Poisson.
        alpha: upper tail.
    """
    flat, spread = np.ascontiguousarray(mean, np.float64).ravel(), np.ascontiguousarray(phi, np.float64).ravel()
    out = np.empty(len(flat))
    _quantiles(flat, spread, alpha, out)
    large = flat > LARGE
    if large.any():
        out[large] = np.ceil(stats.gamma.isf(alpha, flat[large] / spread[large], scale=spread[large]))
        out[np.isposinf(flat)] = np.nan
    return out.reshape(np.shape(mean))
