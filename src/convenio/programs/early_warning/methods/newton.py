"""Newton's steps of a log-linear regression, with its dispersion: compiled, on the rows of a design.

Source: McCullagh and Nelder 1989, Generalized Linear Models, chapters 2 and 4.5.
"""

from __future__ import annotations

import math

import numba as nb

FARTHEST = 30.0  # of a linear predictor
LEAST = 1e-6  # least mean


@nb.njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def means(offset, design, columns, beta, eta, mu):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Fill linear predictors and means, (n,)."""
    eta[:] = offset
    for a in range(columns.shape[0]):
        value = beta[columns[a]]
        row = design[columns[a]]
        for i in range(eta.shape[0]):
            eta[i] += value * row[i]
    for i in range(eta.shape[0]):
        eta[i] = min(max(eta[i], -FARTHEST), FARTHEST)
        mu[i] = max(math.exp(eta[i]), LEAST)


@nb.njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def step(residual, weight, design, columns, mu, beta, scaled, gram, right):  # type: ignore[no-untyped-def]  # pragma: no cover
    """One Newton step; `gram` is left as its Cholesky root. Returns the largest move of a coefficient."""
    n, p = mu.shape[0], columns.shape[0]
    for a in range(p):
        row = design[columns[a]]
        total = 0.0
        for i in range(n):
            scaled[i] = row[i] * weight[i] * mu[i]
            total += row[i] * weight[i] * residual[i]
        right[a] = total
        for c in range(a + 1):
            other = design[columns[c]]
            total = 0.0
            for i in range(n):
                total += scaled[i] * other[i]
            gram[a, c] = total
        gram[a, a] = gram[a, a] * (1.0 + 1e-12) + 1e-9
    root(gram, p)
    solve(gram, right, p)
    most = 0.0
    for a in range(p):
        most = max(most, abs(right[a]))
    short = 1.0 if most < 1.0 else 1.0 / most
    for a in range(p):
        beta[columns[a]] += short * right[a]
    return most


@nb.njit(cache=True, nogil=True)
def root(gram, p):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Replace the lower triangle by its Cholesky root."""
    for a in range(p):
        for c in range(a + 1):
            total = gram[a, c]
            for k in range(c):
                total -= gram[a, k] * gram[c, k]
            gram[a, c] = math.sqrt(max(total, 1e-12)) if a == c else total / gram[c, c]


@nb.njit(cache=True, nogil=True)
def solve(gram, right, p):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Replace `right` by the solution; `gram` holds the Cholesky root."""
    for a in range(p):
        for k in range(a):
            right[a] -= gram[a, k] * right[k]
        right[a] /= gram[a, a]
    for a in range(p - 1, -1, -1):
        for k in range(a + 1, p):
            right[a] -= gram[k, a] * right[k]
        right[a] /= gram[a, a]


@nb.njit(cache=True, nogil=True)
def pearson(y, mu, valid, df):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The dispersion without trimming."""
    total = 0.0
    for i in range(y.shape[0]):
        if valid[i] > 0.0:
            total += (y[i] - mu[i]) ** 2 / mu[i]
    return total / df if df > 0.0 else math.nan


@nb.njit(cache=True, nogil=True)
def pearsons_doubt(phi, mu, valid):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The variance of Pearson's dispersion over its square."""
    total, n = 0.0, 0.0
    for i in range(mu.shape[0]):
        if valid[i] > 0.0:
            total += 2.0 * phi * phi + phi * (6.0 * phi * phi - 6.0 * phi + 1.0) / mu[i]
            n += 1.0
    return total / (n * n * phi * phi)
