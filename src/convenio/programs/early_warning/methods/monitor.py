"""One Farrington fit per time point: regression, dispersion, down-weighting of past outbreaks, decision on the trend.

Source: Farrington et al. 1996, J R Stat Soc A 159:547, sections 3.2 to 3.6; Noufaily et al. 2013, Stat Med 32:1206.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from convenio.programs.early_warning.methods.calibration import corrected
from convenio.programs.early_warning.methods.irls import SMALLEST_MEAN, fit
from convenio.programs.early_warning.methods.reference import reference_rows


@nb.njit(cache=True, nogil=True)
def dispersion(y, mu, before, weight, df):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Pearson's estimate, with the working weights of the last step; and the mean of squared working residuals.

    Both are over the residual degrees of freedom and neither is bounded from below.
    """
    total = 0.0
    working = 0.0
    for i in range(y.shape[0]):
        r = (y[i] - mu[i]) / mu[i]
        total += weight[i] * before[i] * r * r
        working += weight[i] * r * r
    return (total / df, working / df) if df > 0 else (math.nan, math.nan)


@nb.njit(cache=True, nogil=True)
def reweigh(y23, mu, before, weight, t, segments, work, sxx, trend, phi, weightsThreshold):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Replace `weight` by Farrington's: down by the squared Anscombe residual where that is above the threshold."""
    s0, s1 = work[0], work[1]
    total = 0.0
    n = y23.shape[0]
    for j in range(segments.shape[0]):
        level = segments[j, 2]
        inverse = 1.0 / s0[level]
        centre = s1[level] * inverse
        for i in range(segments[j, 0], segments[j, 1]):
            hat = inverse
            if trend:
                hat += (t[i] - centre) ** 2 / sxx
            hat *= weight[i] * before[i]
            root = math.sqrt(mu[i])
            s = 1.5 * (y23[i] / math.sqrt(np.cbrt(mu[i])) - root) / math.sqrt(phi * (1.0 - hat))
            weight[i] = 1.0 / (s * s) if s > weightsThreshold else 1.0
            total += weight[i]
    for i in range(n):
        weight[i] *= n / total


@nb.njit(cache=True, nogil=True)
def one(  # type: ignore[no-untyped-def]  # noqa: PLR0917  # pragma: no cover
    y, y23, start, constant, t, population, weight, segments, levels, trend, reweight, weightsThreshold, original,
    alpha, mu, before, work,
):  # fmt: skip
    """Fit, reweigh and refit with or without the trend; returns slope, sxx, phi, scale, converged.

    `scale` is what the variance of the mean's logarithm is scaled by, as R's `predict` does it: the raw dispersion of
    a first fit, the mean square of the working residuals of a refit.
    """
    n = y.shape[0]
    df = n - levels - (1 if trend else 0)
    weight[:] = 1.0
    slope, sxx, converged = fit(y, start, constant, t, population, weight, segments, trend, alpha, mu, before, work)
    if not converged:
        return slope, sxx, math.nan, math.nan, math.nan, False
    raw, _working = dispersion(y, mu, before, weight, df)
    phi, scale = max(raw, 1.0), raw
    if original:
        scale = phi
    if reweight:
        reweigh(y23, mu, before, weight, t, segments, work, sxx, trend, phi, weightsThreshold)
        slope, sxx, converged = fit(y, start, constant, t, population, weight, segments, trend, alpha, mu, before, work)
        raw, scale = dispersion(y, mu, before, weight, df)
        phi = max(raw, 1.0)
        if original:
            scale = phi
    return slope, sxx, phi, scale, raw, converged


@nb.njit(cache=True, nogil=True)
def one_each(segments, m, n):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Cut `m` runs into runs of one row each, in place, from the end; returns how many there are."""
    for j in range(m - 1, -1, -1):
        first, end, level = segments[j, 0], segments[j, 1], segments[j, 2]
        for i in range(end - 1, first - 1, -1):
            segments[i, 0] = i
            segments[i, 1] = i + 1
            segments[i, 2] = level
    return n


@nb.njit(cache=True, nogil=True)
def monitor(  # type: ignore[no-untyped-def]  # noqa: C901, PLR0915, PLR0917  # pragma: no cover
    y_all, by_value, population_all, time_points, centres, w, noPeriods, pastWeeksNotIncluded, trend, tcritical,
    reweight, weightsThreshold, original, calibrate, every, times, dated, out,
):  # fmt: skip
    """Fit every one of `time_points` in one series.

    Args:
        y_all: counts, (n,), NaN where missing.
        by_value: (n, 4) of each count's start, deviance at the start, constant and count ** (2/3).
        population_all: (n,).
        time_points: (k,).
        centres: (k, b + 1), or (1, b + 1) of offsets that hold for all time points.
        w: as `farrington_flexible`.
        noPeriods: as there.
        pastWeeksNotIncluded: as there.
        trend: as there.
        reweight: as there.
        weightsThreshold: as there.
        original: whether this is the method of 1996, whose variance is scaled by phi.
        tcritical: (n + 1,), the trend is kept where its t statistic exceeds the entry of its degrees of freedom.
        every: 7 to compare days with the same weekday alone, else 1.
        times: (n,), the day of each time point where they are unevenly apart; (0,) where they are not.
        dated: whether time points have dates. R then puts the time under test earlier by as many steps as reference
            counts are missing before the first that is not; so it is here, but for `midp`.
        calibrate: whether the last four columns of `out` are filled.
        out: (k, 10), filled with expected count, variance of its logarithm, phi, slope, slope's t statistic,
            largest reference count; NaN where the model could not be fitted. Then what `midp` needs: the mean and the
            dispersion without the bias of the weights, each with its variance over its square.
    """
    size = 0
    for k in range(time_points.shape[0]):
        size = max(size, centres[k, -1] - centres[k, 0] + 2 * w + 2)
    rows = np.empty(size, np.int64)
    found = np.empty((size, 3), np.int64)
    y = np.empty(size)
    t = np.empty(size)
    population = np.empty(size)
    weight = np.empty(size)
    values = np.empty((size, 4))
    mu = np.empty(size)
    before = np.empty(size)
    number = np.empty(max(noPeriods, 1), np.int64)
    for k in range(time_points.shape[0]):
        out[k, :] = math.nan
        n, m = reference_rows(centres[k], w, noPeriods, pastWeeksNotIncluded, every, y_all, rows, found)
        if n == 0:
            continue
        even = times.shape[0] == 0
        if not even:
            m = one_each(found, m, n)
        number[:] = -1
        number[0] = 0
        levels = 1
        for j in range(m):
            if number[found[j, 2]] < 0:
                number[found[j, 2]] = levels
                levels += 1
        segments = found[:m]
        for j in range(m):
            segments[j, 2] = number[segments[j, 2]]
        middle = 0.0
        largest = 0.0
        for i in range(n):
            middle += rows[i]
        middle = math.floor(middle / n)
        origin = middle if even else times[int(middle)]
        for i in range(n):
            y[i] = y_all[rows[i]]
            largest = max(largest, y[i])
            t[i] = (rows[i] if even else times[rows[i]]) - origin
            population[i] = population_all[rows[i]]
            for c in range(4):
                values[i, c] = by_value[rows[i], c]
        now = (time_points[k] if even else times[time_points[k]]) - origin
        if dated and not original and not calibrate:
            begin = centres[k, 0] - w
            now -= rows[0] - begin if even else times[rows[0]] - times[begin]
        alpha = np.zeros(levels)
        work = np.zeros((7, levels))
        with_trend = trend
        kept = False
        slope = math.nan
        statistic = math.nan
        while True:
            b, sxx, phi, scale, raw, converged = one(
                y[:n], values[:n, 3], values[:n, :2], values[:n, 2], t[:n], population[:n], weight[:n], segments,
                levels, with_trend, reweight, weightsThreshold, original, alpha, mu[:n], before[:n], work,
            )  # fmt: skip
            if with_trend:
                df = n - levels - 1
                if converged and df > 0 and sxx > 0.0:
                    statistic = b / math.sqrt((raw if original else scale) / sxx)
                    mean = math.exp(alpha[0] + b * now) * population_all[time_points[k]]
                    kept = abs(statistic) > tcritical[df] and mean <= largest
                    slope = b
                if not kept:
                    with_trend = False
                    slope = math.nan
                    continue
            break
        if not converged:
            continue
        centre = work[1, 0] / work[0, 0]
        expected = math.exp(alpha[0] + (slope * now if kept else 0.0)) * population_all[time_points[k]]
        out[k, 0] = max(expected, SMALLEST_MEAN)
        out[k, 1] = scale * (1.0 / work[0, 0] + ((now - centre) ** 2 / sxx if kept else 0.0))
        out[k, 2] = phi
        out[k, 3] = slope
        out[k, 4] = statistic
        out[k, 5] = largest
        if calibrate:
            sizes = np.zeros(levels)
            level_means = np.zeros(levels)
            for j in range(m):
                for i in range(segments[j, 0], segments[j, 1]):
                    sizes[segments[j, 2]] += 1.0
                    level_means[segments[j, 2]] += mu[i]
            level_means /= np.maximum(sizes, 1.0)
            made = np.empty(3)
            corrected(sizes, level_means, n - levels - (1.0 if kept else 0.0), raw, reweight, weightsThreshold, made)
            level = made[1] / work[0, 0]
            spread = level + (made[1] * (now - centre) ** 2 / sxx if kept else 0.0)
            out[k, 6] = out[k, 0] * made[0] * (1.0 + 0.5 * level)
            out[k, 7] = 1.0 / (1.0 / spread + 0.5)
            out[k, 8] = made[1]
            out[k, 9] = made[2]
