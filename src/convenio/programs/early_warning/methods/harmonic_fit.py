"""The regression of `harmonic`: quasi-likelihood on all weeks of the baseline.

Its law is negative binomial with variance phi times the mean. Past outbreaks are left out as `trimming` says.

Source: McCullagh and Nelder 1989, Generalized Linear Models, chapter 9 (quasi-likelihood); Akaike 1974, IEEE Trans
Autom Control 19:716.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from convenio.programs.early_warning.methods.newton import FARTHEST, means, pearson, pearsons_doubt, root, solve, step
from convenio.programs.early_warning.methods.trimming import NODES, trimmed

STEPS, SETTLED = 30, 1e-5
CASES = 10.0  # for each coefficient: Peduzzi et al. 1996, J Clin Epidemiol 49:1373


@nb.njit(cache=True, nogil=True)
def chosen(gram, beta, phi, columns, fixed, kept):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Fill `kept` with the columns that earn their place, and say how many they are.

    A group of coefficients stays where its Wald statistic exceeds twice their number, which is Akaike's rule. Of the
    harmonics, those below one that stays do too.

    Args:
        gram: Cholesky root of the information, (p, p).
        beta: coefficients of all columns of the design.
        phi: dispersion.
        columns: (p,), the constant, then trend and weekdays, then pairs of sine and cosine.
        fixed: (3,), how many columns are the trend's, the weekdays', and whether harmonics are chosen.
        kept: (p,).
    """
    p = columns.shape[0]
    inverse = np.zeros((p, p))
    for a in range(p):
        inverse[a, a] = 1.0
        solve(gram, inverse[a], p)
    count = 1
    kept[0] = columns[0]
    first = 1
    for g in range(2):
        size = fixed[g]
        if size and wald(inverse, beta, columns, first, size) > 2.0 * size * phi:
            for a in range(first, first + size):
                kept[count] = columns[a]
                count += 1
        first += size
    last = p
    if fixed[2]:
        while last > first and wald(inverse, beta, columns, last - 2, 2) <= 4.0 * phi:
            last -= 2
    for a in range(first, last):
        kept[count] = columns[a]
        count += 1
    return count


@nb.njit(cache=True, nogil=True)
def wald(inverse, beta, columns, first, size):  # type: ignore[no-untyped-def]  # pragma: no cover
    """The Wald statistic, times the dispersion, of `size` coefficients from the place `first` on."""
    part = np.empty((size, size))
    value = np.empty(size)
    for a in range(size):
        value[a] = beta[columns[first + a]]
        for c in range(size):
            part[a, c] = inverse[first + a, first + c]
    root(part, size)
    for a in range(size):
        for k in range(a):
            value[a] -= part[a, k] * value[k]
        value[a] /= part[a, a]
    total = 0.0
    for a in range(size):
        total += value[a] * value[a]
    return total


@nb.njit(cache=True, nogil=True)
def harmonic_fits(  # type: ignore[no-untyped-def]  # noqa: C901, PLR0915  # pragma: no cover
    counts, offset, design, columns, fixed, points, first, after, reweight, epsilon, out
):  # fmt: skip
    """Fit every one of `points` in one series.

    Args:
        counts: (n,), NaN where missing.
        offset: logarithm of the population, (n,); zeros without one.
        design: (p, n), its first row ones.
        columns: (p,), all columns of the design.
        fixed: as `chosen`.
        points: (k,), 0-based.
        first: (k,), first row of each baseline.
        after: (k,), the row after the last of each.
        reweight: whether past outbreaks are trimmed.
        epsilon: chance of a count that is.
        out: (k, 6), filled with the expected count, the variance of its logarithm, dispersion, the variance of the
            dispersion over its square, how many columns were kept and how many of them are harmonics; NaN where
            nothing could be fitted.
    """
    size = 0
    for k in range(points.shape[0]):
        size = max(size, after[k] - first[k])
    p = columns.shape[0]
    valid, weight, residual, scaled = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    eta, mu, held = np.empty(size), np.empty(size), np.empty(size)
    gram, right, now = np.zeros((p, p)), np.empty(p), np.empty(p)
    table = np.empty((NODES, 4))
    start, beta = np.zeros(p), np.zeros(p)
    kept = np.empty(p, np.int64)
    several = fixed.copy()
    used = 0
    for k in range(points.shape[0]):
        out[k, :] = math.nan
        n = after[k] - first[k]
        rows = slice(first[k], after[k])
        y, here, shifted = held[:n], design[:, rows], offset[rows]
        cases, people, usable = 0.0, 0.0, 0.0
        for i in range(n):
            there = counts[first[k] + i] >= 0.0
            valid[i] = 1.0 if there else 0.0
            y[i] = counts[first[k] + i] if there else 0.0
            if there:
                cases += y[i]
                people += math.exp(shifted[i])
                usable += 1.0
        if usable <= p or cases <= 0.0:
            used = 0
            continue
        few, several[:] = p, fixed
        if fixed[2]:
            while few > 1 + fixed[0] + fixed[1] and few * CASES > cases:
                few -= 2
            if few * CASES > cases:
                few, several[1] = 1 + fixed[0], 0
            if few * CASES > cases:
                few, several[0] = 1, 0
        every = columns[:few]
        most_phi = 0.0
        for i in range(n):
            even = cases / people * math.exp(shifted[i])
            most_phi += valid[i] * (y[i] - even) ** 2 / even
        most_phi = max(most_phi / (usable - 1.0), 1.0)
        if used != few:
            start[:] = 0.0
            start[0] = math.log(cases / people)
            used = few
        means(shifted, here, every, start, eta[:n], mu[:n])
        settled = False
        for _step in range(STEPS):
            for i in range(n):
                residual[i] = y[i] - mu[i]
            most = step(residual[:n], valid[:n], here, every, mu[:n], start, scaled[:n], gram, right)
            means(shifted, here, every, start, eta[:n], mu[:n])
            if most < SETTLED:
                settled = True
                break
        if not settled:
            used = 0
        phi = min(max(pearson(y, mu[:n], valid[:n], usable - few), 1.0), most_phi)
        beta[:] = start
        doubt = pearsons_doubt(phi, mu[:n], valid[:n])
        if reweight:
            phi, doubt = trimmed(
                y, shifted, valid[:n], here, every, epsilon, beta, phi, eta[:n], mu[:n], weight[:n], residual[:n],
                scaled[:n], gram, right, table, most_phi,
            )  # fmt: skip
        if not math.isfinite(phi):
            continue
        count = chosen(gram, beta, phi, every, several, kept)
        those = every
        if count < few:
            those = kept[:count]
            for a in range(few):
                inside = False
                for c in range(count):
                    inside = inside or kept[c] == every[a]
                if not inside:
                    beta[every[a]] = 0.0
            means(shifted, here, those, beta, eta[:n], mu[:n])
            if reweight:
                phi, doubt = trimmed(
                    y, shifted, valid[:n], here, those, epsilon, beta, phi, eta[:n], mu[:n], weight[:n],
                    residual[:n], scaled[:n], gram, right, table, most_phi,
                )  # fmt: skip
            else:
                for _step in range(STEPS):
                    for i in range(n):
                        residual[i] = y[i] - mu[i]
                    most = step(residual[:n], valid[:n], here, those, mu[:n], beta, scaled[:n], gram, right)
                    means(shifted, here, those, beta, eta[:n], mu[:n])
                    if most < SETTLED:
                        break
                phi = min(max(pearson(y, mu[:n], valid[:n], usable - count), 1.0), most_phi)
                doubt = pearsons_doubt(phi, mu[:n], valid[:n])
        at = points[k]
        value = offset[at]
        for a in range(count):
            now[a] = design[those[a], at]
            right[a] = now[a]
            value += now[a] * beta[those[a]]
        solve(gram, right, count)
        spread = 0.0
        for a in range(count):
            spread += now[a] * right[a]
        out[k, 0] = math.exp(min(value, FARTHEST))
        out[k, 1] = phi * spread
        out[k, 2] = phi
        out[k, 3] = doubt
        out[k, 4] = count
        extra = 1
        for a in range(count):
            if those[a] >= 1 + fixed[0] + fixed[1]:
                extra += 1
        out[k, 5] = (extra - 1) // 2
