"""Generalised likelihood ratio detectors for Poisson and negative binomial counts about a seasonal mean.

Source: Höhle and Paul 2008, Comput Stat Data Anal 52:4357.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from convenio.programs.early_warning.methods.bounds import Floats
from convenio.programs.early_warning.methods.farrington import Monitored, counts_of, monitored, places
from convenio.programs.early_warning.methods.seasonal import negative_binomial, seasonal_mean

MOST = 1e99
FAR = 30.0


@dataclass(frozen=True)
class _Detector:
    alpha: float
    theta: float | None
    inc: bool
    M: int
    Mtilde: int

    def value(self, x: Floats, mu: Floats) -> float:
        """The statistic of the last time point, over every onset that the window admits."""
        if self.theta is not None:
            total = 0.0
            for step in self._ratio(x, mu, self.theta):
                total = max(0.0, total + step)
            return total
        n = len(x)
        first = 0 if self.M < 0 else max(0, n - self.M - 1)
        shortest = 1 if self.Mtilde <= 1 else self.Mtilde + 1
        best = 0.0
        for onset in range(n - shortest, first - 1, -1):
            kappa = self._kappa(x[onset:], mu[onset:])
            if kappa:
                best = max(best, float(np.sum(self._ratio(x[onset:], mu[onset:], kappa))))
        return best

    def _ratio(self, x: Floats, mu: Floats, kappa: float) -> Floats:
        """The log-likelihood ratio of every count for a shift by `kappa` on the log scale."""
        a = self.alpha
        if a == 0.0:
            return np.asarray((0.0 if np.isneginf(kappa) else x * kappa) - (np.exp(kappa) - 1.0) * mu)
        shifted = mu * np.exp(kappa)
        gain = 0.0 if np.isneginf(kappa) else x * (kappa + np.log1p(a * mu) - np.log1p(a * shifted))
        return np.asarray(gain - (np.log1p(a * shifted) - np.log1p(a * mu)) / a)

    def _kappa(self, x: Floats, mu: Floats) -> float:
        """The most likely shift in the direction that is watched."""
        total = float(x.sum())
        if total == 0.0:
            found = -np.inf
        elif self.alpha == 0.0:
            found = float(np.log(total / mu.sum()))
        else:
            found = float(brentq(self._slope, -FAR, FAR, args=(x, mu), xtol=1e-14))
        return max(0.0, found) if self.inc else min(0.0, found)

    def _slope(self, kappa: float, x: Floats, mu: Floats) -> float:
        shifted = mu * np.exp(kappa)
        return float(np.sum((x - shifted) / (1.0 + self.alpha * shifted)))


def glr(
    observed: ArrayLike,
    *,
    range_: Sequence[int] | None = None,
    c_ARL: float = 5.0,
    mu0: ArrayLike | dict[str, int] | None = None,
    alpha: float | None = 0.0,
    Mtilde: int = 1,
    M: int = -1,
    theta: float | None = None,
    dir_: Literal["inc", "dec"] = "inc",
    ret: Literal["value", "cases"] = "value",
    freq: int = 52,
) -> Monitored:
    """GLR detector for a multiplicative shift of the mean (`change="intercept"`); a CUSUM where `theta` is given.

    Args:
        observed: counts, (n,).
        range_: 0-based time points to monitor; all after the first two years without it.
        c_ARL: threshold of the statistic. After an alarm it begins anew.
        mu0: mean in control, one per monitored time point; or `{"S": harmonics, "trend": 0 or 1}` for a seasonal
            Poisson regression on the time points before; `{"S": 1, "trend": 0}` without it.
        alpha: overdispersion of the negative binomial; 0 for Poisson; None to estimate it with the seasonal mean.
        Mtilde: fewest observations of a shift.
        M: time points that the onset may lie back; -1 for all.
        theta: a known shift on the log scale.
        dir_: `inc` watches for a rise, `dec` for a fall.
        ret: `value` returns the statistic as the bound; `cases` the least count that would be an alarm.
        freq: time points in a year.
    """
    held = counts_of(observed)
    points = places(range_, 2 * freq if range_ is None else 1, len(held))
    if alpha is None:
        told = {"S": 1, "trend": 0, **(mu0 if isinstance(mu0, dict) else {})}
        mu, alpha = negative_binomial(held, points, S=int(told["S"]), trend=bool(told["trend"]), freq=freq)
    else:
        mu = _mean(held, points, mu0, freq)
    watch = _Detector(alpha, theta, dir_ == "inc", M, Mtilde)
    x, start = held[points], 0
    bound, alarm = np.empty(len(points)), np.zeros(len(points), dtype=bool)
    for n in range(len(points)):
        value = watch.value(x[start : n + 1], mu[start : n + 1])
        bound[n] = value if ret == "value" else _least(watch, x[start : n + 1], mu[start : n + 1], c_ARL)
        alarm[n] = value >= c_ARL
        start = n + 1 if alarm[n] else start
    return monitored(held, points, bound, alarm, mu)


def _least(watch: _Detector, x: Floats, mu: Floats, threshold: float) -> float:
    """The least count now that would be an alarm; R has none for the negative binomial after a count of 0."""
    if watch.alpha > 0.0 and x[-1] == 0.0:
        return MOST

    def passes(count: int) -> bool:
        return watch.value(np.append(x[:-1], float(count)), mu) >= threshold

    low, high = 0, 1
    while not passes(high):
        high *= 2
        if high > 1e9:
            return MOST
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if passes(middle) else (middle + 1, high)
    return float(low)


def _mean(held: Floats, points: NDArray[np.int64], mu0: ArrayLike | dict[str, int] | None, freq: int) -> Floats:
    if mu0 is None or isinstance(mu0, dict):
        told = {"S": 1, "trend": 0, **(mu0 or {})}
        return seasonal_mean(held, points, S=int(told["S"]), trend=bool(told["trend"]), freq=freq)
    return np.broadcast_to(np.asarray(mu0, dtype=np.float64), len(points)).copy()
