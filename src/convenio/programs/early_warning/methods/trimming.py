"""Past outbreaks left out of a regression, and what ordinary weeks lose by it put back.

A count that the fitted law exceeds with a chance below `epsilon` is left out; of the count at the border the share is
left out that makes the chance exact, so that the rule moves smoothly with the mean. What ordinary weeks lose by it, in
mean and in variance, is computed under the fitted law and put back, so that without outbreaks nothing is lost on
average.

Source: Cantoni and Ronchetti 2001, J Am Stat Assoc 96:1022 (consistency of robust quasi-likelihood).
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from convenio.programs.early_warning.methods.negative_binomial import above, log_probability, ratio
from convenio.programs.early_warning.methods.newton import means, step

NODES = 12  # means at which the loss by trimming is computed; between them it is interpolated
LARGEST = 400.0  # above this mean a law keeps its shape in units of its standard deviation
TRIMS = 20
STILL, STEADY = 1e-3, 3e-3  # moves below which it ends: a fiftieth of what is not known


@nb.njit(cache=True, nogil=True)
def loss(mean, phi, epsilon, out):  # type: ignore[no-untyped-def]  # pragma: no cover
    """What trimming takes from one count.

    Args:
        mean: mean, at most `LARGEST`.
        phi: dispersion.
        epsilon: chance of what is trimmed.
        out: (4,), filled with the border, and with the trimmed part of the second power of y - mean, of the first and
            of the fourth; the border q - f stands for all counts above q and the share f of the counts at q.
    """
    y = math.floor(mean + 2.0 * math.sqrt(phi * mean))
    p = math.exp(log_probability(y, mean, phi))
    more = above(y, p, mean, phi)
    while more > epsilon:
        p *= ratio(y, mean, phi)
        y += 1.0
        more -= p
    while y > 0.0 and more + p <= epsilon:
        more += p
        y -= 1.0
        p = math.exp(log_probability(y, mean, phi))
    share = min(max((epsilon - more) / p, 0.0), 1.0) if p > 0.0 else 0.0
    d = y - mean
    out[0] = y - share
    out[1] = share * p * d
    out[2] = share * p * d * d
    out[3] = share * p * d**4
    while True:
        p *= ratio(y, mean, phi)
        y += 1.0
        d = y - mean
        last = p * d**4
        out[1] += p * d
        out[2] += p * d * d
        out[3] += last
        if last <= 1e-4 * out[3] or p == 0.0:
            return


@nb.njit(cache=True, nogil=True)
def losses(low, high, phi, epsilon, table):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Fill `table` (NODES, 4) with `loss` at means from exp(low) to exp(high), in units of the mean's root."""
    one = np.empty(4)
    for k in range(NODES):
        mean = math.exp(low + (high - low) * k / (NODES - 1))
        m = min(mean, LARGEST)
        loss(m, phi, epsilon, one)
        root = math.sqrt(m)
        table[k, 0] = (one[0] - m) / root
        table[k, 1] = one[1] / root
        table[k, 2] = one[2] / m
        table[k, 3] = one[3] / (m * m)


@nb.njit(cache=True, nogil=True)
def trimmed(  # type: ignore[no-untyped-def]  # noqa: PLR0917  # pragma: no cover
    y, offset, valid, design, columns, epsilon, beta, phi, eta, mu, weight, residual, scaled, gram, right, table,
    most_phi,
):  # fmt: skip
    """From coefficients and dispersion without trimming to those with it; returns the latter and its doubt."""
    n, p = y.shape[0], columns.shape[0]
    doubt = 0.0
    for _step in range(TRIMS):
        low, high = math.inf, -math.inf
        for i in range(n):
            if valid[i] > 0.0:
                low, high = min(low, eta[i]), max(high, eta[i])
        high = max(high, low + 1e-6)
        losses(low, high, phi, epsilon, table)
        per = (NODES - 1) / (high - low)
        total, predicted, kept, fourth = 0.0, 0.0, 0.0, 0.0
        for i in range(n):
            if valid[i] == 0.0:
                weight[i] = 0.0
                residual[i] = 0.0
                continue
            place = min(max((eta[i] - low) * per, 0.0), NODES - 1.000001)
            k = int(place)
            f = place - k
            m = mu[i]
            r = math.sqrt(m)
            border = m + r * ((1.0 - f) * table[k, 0] + f * table[k + 1, 0])
            weight[i] = min(max(border - y[i] + 1.0, 0.0), 1.0)
            shift = -r * ((1.0 - f) * table[k, 1] + f * table[k + 1, 1]) / (1.0 - epsilon)
            residual[i] = y[i] - m - shift
            second = phi - ((1.0 - f) * table[k, 2] + f * table[k + 1, 2])
            whole = 3.0 * phi * phi + phi * (6.0 * phi * phi - 6.0 * phi + 1.0) / m
            whole = max(whole - ((1.0 - f) * table[k, 3] + f * table[k + 1, 3]), 0.0)
            total += weight[i] * (y[i] - m) ** 2 / m
            predicted += weight[i] * second / (1.0 - epsilon)
            fourth += max(whole - second * second, 0.0)
            kept += weight[i]
        if kept <= p or predicted <= 0.0:
            return math.nan, math.nan
        last = phi
        phi = min(max(phi * total / predicted * kept / (kept - p), 1.0), most_phi)
        doubt = fourth / (predicted * predicted)
        most = step(residual, weight, design, columns, mu, beta, scaled, gram, right)
        means(offset, design, columns, beta, eta, mu)
        if most < STILL and abs(phi - last) < STEADY * phi:
            break
    return phi, doubt
