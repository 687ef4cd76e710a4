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

from convenio.core.errors import InputError
from convenio.core.words import _
from convenio.programs.early_warning.methods.monitored import Floats, Monitored, counts_of, monitored, places
from convenio.programs.early_warning.methods.seasonal import negative_binomial, negative_binomial_mean

MOST = 1e99
FAR = 30.0
MOST_GROWTH = 1e9
FIRST, NEAR, STEPS = 0.5, 1e-6, 200  # where R's search begins, when it ends
NO_GROWTH = float(np.exp(-18.0))  # below it R's search for a growth takes no step


@dataclass(frozen=True)
class _Detector:
    alpha: float
    theta: float | None
    inc: bool
    M: int
    Mtilde: int
    epi: bool
    exact: bool

    def value(self, x: Floats, mu: Floats, before: float = 0.0) -> float:
        """The statistic of the last time point, over every onset that the window admits, after the count `before`."""
        if self.theta is not None:
            return self.summed(x, mu)
        if self.epi:
            return self._epidemic(x, mu, np.append(before, x[:-1]))
        best, found = 0.0, FIRST
        for onset in self._onsets(len(x)):
            here = slice(onset, None)
            found = self._kappa(x[here], mu[here], found)
            kappa = 0.0 if np.isnan(found) else max(0.0, found) if self.inc else min(0.0, found)
            if kappa:
                best = max(best, float(np.sum(self._ratio(x[here], mu[here], kappa))))
            found = found if np.isfinite(found) else FIRST
        return best

    def _onsets(self, n: int) -> range:
        """Where a shift may have begun, as R has it, which is not the same for Poisson and negative binomial."""
        if self.M >= 0:
            shortest = self.Mtilde + (self.alpha == 0.0 and not self.epi)
            return range(max(0, n - self.M - 1), n - shortest + 1)
        if self.alpha == 0.0 and not self.epi:
            return range(n if n >= self.Mtilde else 0)
        return range(n - self.Mtilde + 1)

    def possible(self, n: int) -> bool:
        """Whether `n` time points admit any onset."""
        return len(self._onsets(n)) > 0

    def summed(self, x: Floats, mu: Floats) -> float:
        """The recursive statistic of a shift whose size is known."""
        assert self.theta is not None
        total = 0.0
        for step in self._ratio(x, mu, self.theta):
            total = max(0.0, total + float(step))
        return total

    def needed(self, x: Floats, mu: Floats, threshold: float) -> float:
        """The count now, whole or not, that brings the recursive statistic to the threshold."""
        assert self.theta is not None
        now = mu[-1:]
        fixed = float(self._ratio(np.zeros(1), now, self.theta)[0])
        each = float(self._ratio(np.ones(1), now, self.theta)[0]) - fixed
        return (threshold - self.summed(x[:-1], mu[:-1]) - fixed) / each

    def _ratio(self, x: Floats, mu: Floats, kappa: float) -> Floats:
        """The log-likelihood ratio of every count for a shift by `kappa` on the log scale."""
        a = self.alpha
        if a == 0.0:
            return np.asarray((0.0 if np.isneginf(kappa) else x * kappa) - (np.exp(kappa) - 1.0) * mu)
        moved = 0.0 if np.isneginf(kappa) else x * kappa
        return np.asarray(moved - (x + 1.0 / a) * np.log((1.0 + a * mu * np.exp(kappa)) / (1.0 + a * mu)))

    def _kappa(self, x: Floats, mu: Floats, near: float) -> float:
        """The most likely shift, searched from `near`; NaN where R's search runs away."""
        total = float(x.sum())
        if total == 0.0:
            return -np.inf if self.alpha > 0.0 else 0.0
        if self.alpha == 0.0:
            return float(np.log(total / mu.sum()))
        if self.exact:
            return float(brentq(self._slope, -FAR, FAR, args=(x, mu), xtol=1e-14))
        return self._searched(x, mu, near)

    def _searched(self, x: Floats, mu: Floats, kappa: float) -> float:
        """The shift that Newton's steps find, as R does; NaN where they run away.

        They begin at a half for the earliest onset and go on from one onset to the next.
        """
        for _step in range(STEPS):
            shifted = mu * np.exp(kappa)
            bend = float(np.sum(shifted * (1.0 + self.alpha * x) / (1.0 + self.alpha * shifted) ** 2))
            step = self._slope(kappa, x, mu) / bend if bend > 0.0 else np.inf
            kappa += step
            if not abs(kappa) < FAR * FAR:
                return np.nan
            if abs(step) < NEAR:
                break
        return kappa

    def _slope(self, kappa: float, x: Floats, mu: Floats) -> float:
        shifted = mu * np.exp(kappa)
        return float(np.sum((x - shifted) / (1.0 + self.alpha * shifted)))

    def _epidemic(self, x: Floats, mu: Floats, before: Floats) -> float:
        """The statistic for a mean that grows by lambda times the count before, over every onset."""
        best, growth, near = 0.0, FIRST, FIRST
        for onset in self._onsets(len(x)):
            here = slice(onset, None)
            if self.exact:
                growth = self._most_likely_growth(x[here], mu[here], before[here])
            elif self.alpha > 0.0:
                # R's: the growth that it would take for a mean that is multiplied
                growth = float(np.exp(self._searched(x[here], mu[here], near))) if x[here].any() else 0.0
                if np.isnan(growth):
                    continue
                near = float(np.log(growth)) if growth > 0.0 else near
            else:
                growth = self._searched_growth(x[here], mu[here], before[here], growth)
            best = max(best, self._grown(x[here], mu[here], growth * before[here]))
        return best

    def _grown(self, x: Floats, mu: Floats, more: Floats) -> float:
        """The log-likelihood ratio for means that are `more` than in control."""
        mean = mu + more
        if self.alpha == 0.0:
            return float(np.sum(x * np.log(1.0 + more / mu) - more))  # log1p would not cancel as R's sum does
        grown = np.log1p(self.alpha * mean) - np.log1p(self.alpha * mu)
        return float(np.sum(x * (np.log(mean / mu) - grown) - grown / self.alpha))

    def _searched_growth(self, x: Floats, mu: Floats, before: Floats, growth: float) -> float:
        """What R's Newton steps on the logarithm of lambda end with, which need not be the best lambda.

        They begin at a half for the earliest onset and go on from one onset to the next.
        """
        for _step in range(STEPS):
            if growth < NO_GROWTH:
                break
            mean = mu + growth * before
            slope = float(np.sum(growth * before * (x / mean - 1.0)))
            bend = float(np.sum(growth * before * (x * mu / mean**2 - 1.0)))
            if bend == 0.0:
                break
            last, growth = growth, growth * float(np.exp(np.clip(-slope / bend, -FAR * FAR / 2.0, FAR * FAR / 2.0)))
            if abs(growth - last) < NEAR:
                break
        return growth

    def _most_likely_growth(self, x: Floats, mu: Floats, before: Floats) -> float:
        """The most likely lambda from 0 on."""

        def slope(growth: float) -> float:
            mean = mu + growth * before
            return float(np.sum(before * (x / mean - (1.0 + self.alpha * x) / (1.0 + self.alpha * mean))))

        if slope(0.0) <= 0.0:
            return 0.0
        high = 1.0
        while slope(high) > 0.0 and high < MOST_GROWTH:
            high *= 2.0
        return float(brentq(slope, 0.0, high, xtol=1e-14))


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
    change: Literal["intercept", "epi"] = "intercept",
    dir_: Literal["inc", "dec"] = "inc",
    ret: Literal["value", "cases"] = "value",
    freq: int = 52,
    exact: bool = False,
) -> Monitored:
    """GLR detector for a shift of the mean; a CUSUM where `theta` is given.

    Args:
        observed: counts, (n,).
        range_: 0-based time points to monitor; all after the first two years without it.
        c_ARL: threshold of the statistic. After an alarm it begins anew; the mean in control is not fitted again (R's
            manual says that it is, R does not do it).
        mu0: mean in control, one per monitored time point; or `{"S": harmonics, "trend": 0 or 1}` for a seasonal
            Poisson regression on the time points before; `{"S": 1, "trend": 0}` without it.
        alpha: overdispersion of the negative binomial; 0 for Poisson; None to estimate it with the seasonal mean.
        Mtilde: fewest observations of a shift.
        M: time points that the onset may lie back; -1 for all.
        theta: a known shift on the log scale; for `intercept` alone.
        change: `intercept` for a mean that is multiplied; `epi` for one that grows by a multiple of the count before.
        dir_: `inc` watches for a rise, `dec` for a fall.
        ret: `value` returns the statistic as the bound; `cases` the least count that would be an alarm, with `theta`
            a count that need not be whole.
        freq: time points in a year.
        exact: whether the statistic is the maximum that the paper defines. R's, which is the default, is not where
            its search for the shift runs away: with `epi` and a strong growth, and with `dec` and a mean in control
            many times the counts; with `epi` and the negative binomial it does not search.
    """
    held = counts_of(observed)
    points = places(range_, 2 * freq if range_ is None else 1, len(held))
    mu, alpha = _mean(held, points, mu0, alpha, freq)
    if change == "epi" and (theta is not None or ret == "cases" or dir_ == "dec"):
        raise InputError(
            _("change epi has neither theta, nor ret cases, nor dir dec"), advice=_("leave them out, or use intercept")
        )
    watch = _Detector(alpha, theta, dir_ == "inc", M, Mtilde, change == "epi", exact)
    x, start = held[points], 0
    bound, alarm = np.empty(len(points)), np.zeros(len(points), dtype=bool)
    for n in range(len(points)):
        value = watch.value(x[start : n + 1], mu[start : n + 1], x[start - 1] if start else 0.0)
        bound[n] = value if ret == "value" else _least(watch, x[start : n + 1], mu[start : n + 1], c_ARL)
        alarm[n] = value >= c_ARL
        start = n + 1 if alarm[n] else start
    return monitored(held, points, bound, alarm, mu)


def _least(watch: _Detector, x: Floats, mu: Floats, threshold: float) -> float:
    """The least count now that would be an alarm, or the least that would not where a fall is watched for.

    R has none for the negative binomial after a count of 0.
    """
    if watch.theta is not None:
        return watch.needed(x, mu, threshold)
    if watch.alpha == 0.0 and not watch.possible(len(x)):
        return 0.0
    if watch.alpha > 0.0 and not watch.inc:
        return 0.0 if watch.value(x, mu) >= threshold else MOST
    if watch.alpha > 0.0 and x[-1] == 0.0:
        return MOST

    def turned(count: int) -> bool:
        return (watch.value(np.append(x[:-1], float(count)), mu) >= threshold) == watch.inc

    low, high = 0, 1
    while not turned(high):
        high *= 2
        if high > 1e9:
            return MOST
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if turned(middle) else (middle + 1, high)
    return float(low)


def _mean(
    held: Floats, points: NDArray[np.int64], mu0: ArrayLike | dict[str, int] | None, alpha: float | None, freq: int
) -> tuple[Floats, float]:
    """The mean in control at `points`, from what lies before them unless it is given, and alpha."""
    if mu0 is None or isinstance(mu0, dict):
        told = {"S": 1, "trend": 0, **(mu0 or {})}
        S, trend = int(told["S"]), bool(told["trend"])
        if alpha is None:
            return negative_binomial(held, points, S=S, trend=trend, freq=freq)
        return negative_binomial_mean(held, points, S=S, trend=trend, freq=freq, alpha=alpha), alpha
    if alpha is None:
        raise InputError(
            _("alpha cannot be estimated where the mean in control is given"),
            advice=_("give alpha too, or leave mu0 out"),
        )
    return np.broadcast_to(np.asarray(mu0, dtype=np.float64), len(points)).copy(), alpha
