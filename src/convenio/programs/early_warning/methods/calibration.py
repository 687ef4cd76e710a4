"""What a Farrington fit must be corrected for before its false-alarm rate is the one that was asked for.

Three things make the bounds of `nbPlugin` too low. Weighing past outbreaks down cuts the upper tail of ordinary weeks
too, so that mean and dispersion come out too small; `tail` computes how much, under the fitted model itself, and
`corrected` takes it back. Mean and dispersion are estimates: `midp_bound` averages the negative binomial over what both
may be. And counts are discrete: the mid-p value stands halfway between the chance of more and of at least as many, so
that the rate is the nominal one on average over means, neither always below nor always above. No constant in here was
fitted to data.

Source: Lancaster 1961, J Am Stat Assoc 56:223 (mid-p); Cantoni and Ronchetti 2001, J Am Stat Assoc 96:1022 (consistency
of weighted fits); McCullagh and Nelder 1989, Generalized Linear Models, section 4.5 (moments of the dispersion);
Lawless 1987, Can J Stat 15:209 (the negative binomial as a mixture).
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from convenio.programs.early_warning.methods.monitored import Floats
from convenio.programs.early_warning.methods.negative_binomial import above, log_probability, ratio

LARGEST = 400.0  # above this mean the skewness that is left no longer matters
STEPS = 6
MOST = 3000.0  # terms of a sum
WIDEST = 500.0  # standard deviation of a count that is summed one by one
# nodes and weights of Gauss and Hermite's quadrature for a standard normal
NODES = (-2.8569700138728, -1.3556261799742659, 0.0, 1.3556261799742659, 2.8569700138728)
WEIGHTS = (0.011257411327720688, 0.2220759220056126, 0.5333333333333333, 0.2220759220056126, 0.011257411327720688)


@nb.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def tail(mean: float, phi: float, hat: float, threshold: float, out: Floats) -> None:  # pragma: no cover
    """What down-weighting takes from one count of the fitted distribution.

    Args:
        mean: mean.
        phi: dispersion.
        hat: leverage.
        threshold: Anscombe residual above which a count weighs its inverse square.
        out: (5,), filled with the expectations of 1 - w, (1 - w)(y - mean), (1 - w)(y - mean)², and of
            (1 - w²)(y - mean)³ and (1 - w²)(y - mean)⁴.
    """
    out[:] = 0.0
    m = min(mean, LARGEST)
    unit = math.sqrt(phi * max(1.0 - hat, 0.05))
    first = math.ceil((m ** (2.0 / 3.0) + threshold * unit * m ** (1.0 / 6.0) / 1.5) ** 1.5)
    y = float(first)
    p = math.exp(log_probability(y, m, phi))
    while True:
        s = 1.5 * (np.cbrt(y) ** 2 / m ** (1.0 / 6.0) - math.sqrt(m)) / unit
        w = 1.0 / (s * s) if s > threshold else 1.0
        d = y - m
        last = (1.0 - w * w) * p * d**4
        out[0] += (1.0 - w) * p
        out[1] += (1.0 - w) * p * d
        out[2] += (1.0 - w) * p * d * d
        out[3] += (1.0 - w * w) * p * d**3
        out[4] += last
        if y > first + 3.0 and last <= 1e-6 * out[4]:
            break
        p *= ratio(y, m, phi)
        y += 1.0
        if p <= 0.0 or y > first + MOST:
            break
    grow = math.sqrt(mean / m)
    for i in range(1, 5):
        out[i] *= grow**i


@nb.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def corrected(
    sizes: Floats,
    means: Floats,
    df: float,
    raw: float,
    reweight: bool,  # noqa: FBT001 - numba has no arguments by name alone
    threshold: float,
    out: Floats,
) -> None:  # pragma: no cover
    """Take back what down-weighting took from mean and dispersion, and say how well the dispersion is known.

    Args:
        sizes: (levels,), time points of each seasonal level.
        means: (levels,), fitted mean of each; the first is the level under test.
        df: residual degrees of freedom.
        raw: the dispersion that was fitted, not bounded from below.
        reweight: whether weights were used.
        threshold: residual above which they were.
        out: (3,), filled with the factor of the mean under test, the dispersion (at least 1) and its variance over its
            square.
    """
    out[0], out[1], out[2] = 1.0, max(raw, 1.0), 0.0
    part = np.zeros(5)
    now = means.copy()
    phi = max(raw, 1.0)
    n = sizes.sum()
    for _step in range(STEPS if reweight else 1):
        weight, square, fourth = 0.0, 0.0, 0.0
        for level in range(sizes.shape[0]):
            if sizes[level] == 0.0 or means[level] <= 1e-6:
                continue
            m = now[level]
            part[:] = 0.0
            if reweight:
                tail(m, phi, 1.0 / sizes[level], threshold, part)
            kept = 1.0 - part[0]
            shift = part[1] / kept
            now[level] = means[level] + shift
            weight += sizes[level] * kept
            fitted = max(m - shift, 1e-9)
            # about the fitted mean, which lies `shift` below the true one
            square += sizes[level] * (phi * m - part[2] - shift * shift * kept) / fitted
            whole = 3.0 * (phi * m) ** 2 + phi * m * (6.0 * phi * phi - 6.0 * phi + 1.0)
            fourth += sizes[level] * (max(whole - part[4], 0.0) / (m * m) - ((phi * m - part[2]) / m) ** 2)
        if weight <= 0.0:
            return
        predicted = square / weight
        out[2] = fourth / (weight * weight) * n / max(df, 1.0) / (predicted * predicted)
        if not reweight:
            break
        grown = min(max(raw, 1.0) * phi / max(predicted, 1e-9), 4.0 * max(raw, 1.0))
        if abs(grown - phi) < 1e-4 * phi:
            phi = grown
            break
        phi = grown
    out[1] = max(phi, 1.0)
    out[0] = now[0] / means[0] if means[0] > 1e-6 else 1.0


@nb.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def midp_bound(mean: float, spread: float, phi: float, doubt: float, alpha: float) -> float:  # pragma: no cover
    """The largest count whose mid-p value is at least `alpha`.

    Args:
        mean: expected count.
        spread: variance of the expected count over its square.
        phi: dispersion.
        doubt: variance of the dispersion over its square.
        alpha: one-sided false-alarm rate.

    Returns:
        A whole number of cases; -1 where not even 0 has a mid-p value of `alpha`; NaN without a mean.
    """
    if not (mean > 0.0 and math.isfinite(mean)):
        return math.nan
    phis = np.empty(len(NODES))
    widest, least = 0.0, math.inf
    wide = math.log1p(doubt)
    for k in range(len(NODES)):
        # lognormal; the inverse of an estimate exceeds the inverse of the truth by its relative variance
        phis[k] = max(phi * math.exp(0.5 * wide + math.sqrt(wide) * NODES[k]), 1.0) + spread * mean
        widest += WEIGHTS[k] * phis[k]
        least = min(least, phis[k])
    scale = math.sqrt(widest * mean) / WIDEST
    if scale > 1.0 and least > scale + 1.0:
        # far wider than a count: the law is a gamma's, and keeps its shape in units of `scale` cases
        return float(math.floor(scale * _bound(mean / scale, phis / scale, widest / scale, alpha)))
    return float(_bound(mean, phis, widest, alpha))


@nb.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _bound(mean: float, phis: Floats, widest: float, alpha: float) -> float:  # pragma: no cover
    """The largest count whose mid-p value, averaged over the dispersions `phis`, is at least `alpha`."""
    y = float(math.floor(mean + 2.0 * math.sqrt(widest * mean)))
    p, more = np.empty(len(NODES)), np.empty(len(NODES))
    for k in range(len(NODES)):
        p[k] = math.exp(log_probability(y, mean, phis[k]))
        more[k] = above(y, p[k], mean, phis[k])
    while True:
        value = 0.0
        for k in range(len(NODES)):
            value += WEIGHTS[k] * (more[k] + 0.5 * p[k])
        if value < alpha:
            break
        y += 1.0
        for k in range(len(NODES)):
            p[k] *= ratio(y - 1.0, mean, phis[k])
            more[k] -= p[k]
    while value < alpha:
        if y < 0.0:
            return -1.0
        y -= 1.0
        value = 0.0
        for k in range(len(NODES)):
            more[k] += p[k]
            p[k] = math.exp(log_probability(y, mean, phis[k])) if y >= 0.0 else 0.0
            value += WEIGHTS[k] * (more[k] + 0.5 * p[k])
    return y


@nb.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def midp_bounds(mean: Floats, spread: Floats, phi: Floats, doubt: Floats, alpha: float) -> Floats:  # pragma: no cover
    """`midp_bound` of every element; all (n,)."""
    found = np.empty(mean.shape[0])
    for i in range(mean.shape[0]):
        found[i] = midp_bound(mean[i], spread[i], phi[i], doubt[i], alpha)
    return found
