"""The quasi-Poisson regression that both Farrington methods fit.

The model is log mu = level + slope * t + log population. Its design has one column per level and one for the trend,
so the normal equations need no matrix: with the weighted sums of 1, t and t squared in each level, each step of
iteratively reweighted least squares is closed. The fit starts from mu = y + 0.1 and stops as R's `glm` does, when the
deviance moves by less than 1e-8 of itself, after 25 steps at most; its standard errors use the last step's weights,
those of the means before the final ones, again as R's do.

Source: McCullagh and Nelder 1989, Generalized Linear Models, chapter 2; the documentation of R's `glm.control`.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

EPSILON = 1e-8
MAXIT = 25
SMALLEST_MEAN = 2.220446049250313e-16


@nb.njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def sums(value, weight, t, segments, s0, s1, s2):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Sums of weight * value times 1, t and t squared in each level."""
    s0[:] = 0.0
    s1[:] = 0.0
    s2[:] = 0.0
    for j in range(segments.shape[0]):
        a = 0.0
        b = 0.0
        c = 0.0
        for i in range(segments[j, 0], segments[j, 1]):
            m = weight[i] * value[i]
            a += m
            b += m * t[i]
            c += m * t[i] * t[i]
        s0[segments[j, 2]] += a
        s1[segments[j, 2]] += b
        s2[segments[j, 2]] += c


@nb.njit(cache=True, nogil=True)
def means(alpha, slope, t, population, segments, mu):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Fill `mu` from the coefficients, inside a run of consecutive time points by recurrence; returns no value."""
    step = math.exp(slope)
    for j in range(segments.shape[0]):
        first = segments[j, 0]
        value = math.exp(alpha[segments[j, 2]] + slope * t[first])
        for i in range(first, segments[j, 1]):
            mu[i] = max(value * population[i], SMALLEST_MEAN)
            value *= step


@nb.njit(cache=True, nogil=True)
def fit(y, start, constant, t, population, weight, segments, trend, alpha, mu, before, work):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Fit one model to the rows of `segments` (first row, end, level; consecutive t inside each).

    Args:
        y: counts, (n,).
        start: (n, 2), for each row the working response times its weight, and the deviance, at mu = y + 0.1.
        constant: (n,), y log y - y - y log population.
        t: time, (n,), in steps.
        population: (n,), ones without an offset.
        weight: prior weights, (n,).
        segments: (m, 3) integers.
        trend: whether a slope is fitted.
        alpha: (levels,), filled with the levels' coefficients.
        mu: (n,), filled with the fitted means.
        before: (n,), filled with the means one step earlier.
        work: (7, levels), filled; its first three rows are the weighted sums of 1, t, t squared at `before`.

    Returns:
        The slope; the sum of squares of t about its levels' means; whether the deviance settled.
    """
    s0, s1, s2, ysum, ytsum, sz, szt = work[0], work[1], work[2], work[3], work[4], work[5], work[6]
    sums(y, weight, t, segments, ysum, ytsum, s2)
    sums(start[:, 0], weight, t, segments, sz, szt, s2)
    fixed = np.dot(weight, np.ascontiguousarray(constant))
    deviance = 2.0 * np.dot(weight, np.ascontiguousarray(start[:, 1]))
    mu[:] = y + 0.1
    slope = 0.0
    sxx = 0.0
    for step in range(MAXIT):
        before[:] = mu
        sums(mu, weight, t, segments, s0, s1, s2)
        if step > 0:
            for level in range(alpha.shape[0]):
                sz[level] = (alpha[level] - 1.0) * s0[level] + slope * s1[level] + ysum[level]
                szt[level] = (alpha[level] - 1.0) * s1[level] + slope * s2[level] + ytsum[level]
        sxx = 0.0
        sxy = 0.0
        if trend:
            for level in range(alpha.shape[0]):
                if s0[level] > 0.0:
                    centre = s1[level] / s0[level]
                    sxx += s2[level] - s1[level] * centre
                    sxy += szt[level] - sz[level] * centre
            slope = sxy / sxx if sxx > 0.0 else 0.0
        fitted = 0.0
        for level in range(alpha.shape[0]):
            if s0[level] > 0.0:
                alpha[level] = (sz[level] - slope * s1[level]) / s0[level]
                fitted += alpha[level] * ysum[level] + slope * ytsum[level]
        means(alpha, slope, t, population, segments, mu)
        last = deviance
        deviance = 2.0 * (fixed - fitted + np.dot(weight, np.ascontiguousarray(mu)))
        if not math.isfinite(deviance):
            return slope, sxx, False
        if abs(deviance - last) / (abs(deviance) + 0.1) < EPSILON:
            return slope, sxx, True
    return slope, sxx, False
