"""CUSUM of transformed Poisson counts: small rises add up until they pass a limit.

Source: Rossi, Lampugnani and Marchi 1999, Stat Med 18:2111; Pierce and Schafer 1986, J Am Stat Assoc 81:977.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import hyp2f1

from convenio.programs.early_warning.methods.monitored import Floats, Monitored, counts_of, monitored, places
from convenio.programs.early_warning.methods.seasonal import seasonal_mean

Trans = Literal["standard", "rossi", "anscombe", "anscombe2nd", "pearsonNegBin", "anscombeNegBin", "none"]


def cusum(
    observed: ArrayLike,
    *,
    range_: Sequence[int] | None = None,
    k: float = 1.04,
    h: float = 2.26,
    m: ArrayLike | Literal["glm"] | None = None,
    trans: Trans = "standard",
    alpha: float | None = None,
    freq: int = 52,
    exact: bool = False,
) -> Monitored:
    """CUSUM with one of its transformations. The sum goes on after an alarm.

    Args:
        observed: counts, (n,).
        range_: 0-based time points to monitor; all after the first two years without it.
        k: reference value: what a transformed count may exceed its mean by and add nothing.
        h: decision limit.
        m: mean in control, one number or one per monitored time point; `glm` for a seasonal Poisson regression on the
            time points before; their mean without it.
        trans: transformation.
        alpha: overdispersion of the negative binomial transformations.
        freq: time points in a year, for `glm`.
        exact: whether `anscombeNegBin` is computed. R looks it up in a table, which is the default here too: rounded
            to hundredths of alpha times a count up to 10, on straight lines between whole numbers up to 100; beyond
            there is no value, the sum is lost and no alarm follows, however large the count.

    Returns:
        The bound is the count that would be an alarm given the sum so far; `h` less the sum where the transformation
        has no inverse (`none`, `anscombeNegBin`). The inverse of `anscombe2nd` is R's, which takes m ** (1/3) for the
        m ** (-1/3) of the transformation itself; the alarms do not depend on it. After a missing count the sum is
        lost, as in R: bounds of 0 and no alarm.
    """
    held = counts_of(observed)
    points = places(range_, 2 * freq if range_ is None else 1, len(held))
    mean = _mean(held, points, m, freq)
    now = held[points]
    if trans == "anscombeNegBin":
        score = _anscombe_negative_binomial(now, mean, alpha or 0.0, exact=exact)
    else:
        score = SCORES[trans](now, mean, alpha or 0.0)
    before, total = np.empty(len(points)), np.empty(len(points))
    held_sum = 0.0
    for at, each in enumerate(score):
        before[at] = held_sum
        held_sum = float(np.maximum(0.0, held_sum + each - k))
        total[at] = held_sum
    inverse = INVERSES.get(trans)
    bound = np.maximum(h - total, 0.0) if inverse is None else inverse(h + k - before, mean, alpha or 0.0)
    bound[np.isnan(bound)] = 0.0
    return monitored(held, points, bound, total >= h, mean)


def _mean(held: Floats, points: NDArray[np.int64], m: ArrayLike | str | None, freq: int) -> Floats:
    if isinstance(m, str):
        return seasonal_mean(held, points, S=1, trend=False, freq=freq)
    if m is None:
        return np.full(len(points), held[: points[0]].mean())
    return np.broadcast_to(np.asarray(m, dtype=np.float64), len(points)).copy()


def _anscombe2nd(x: Floats, m: Floats) -> Floats:
    return np.asarray((np.cbrt(x) ** 2 - (np.cbrt(m) ** 2 - 1.0 / (9.0 * np.cbrt(m)))) / (2.0 / 3.0 * m ** (1.0 / 6.0)))


def _anscombe_negative_binomial(x: Floats, m: Floats, a: float, *, exact: bool) -> Floats:
    """The integral of the variance to the power of -1/3 from the mean to the count, over its spread."""
    factor = _hypergeometric if exact else _tabled
    integrals = (1.5 * np.cbrt(each) ** 2 * factor(a * each) for each in (x, m))
    return np.asarray((next(integrals) - next(integrals)) / (m + a * m**2) ** (1.0 / 6.0))


def _hypergeometric(z: Floats) -> Floats:
    return np.asarray(hyp2f1(1.0 / 3.0, 2.0 / 3.0, 5.0 / 3.0, -z))


def _tabled(z: Floats) -> Floats:
    """As R has it: the nearest hundredth up to 10, the lower of two; then straight lines; nothing beyond 100."""
    low = np.floor(np.nan_to_num(z) * 100.0)
    candidates = np.stack([np.maximum(low - 1.0, 0.0), low, low + 1.0]) / 100.0
    nearest = np.take_along_axis(candidates, np.argmin(np.abs(candidates - z), axis=0)[None], axis=0)[0]
    whole = np.floor(np.nan_to_num(z))
    first, second = _hypergeometric(whole), _hypergeometric(whole + 1.0)
    between = first + (z - whole) * (second - first)
    found = np.where(z <= 10.0, _hypergeometric(nearest), between)
    return np.where(z <= 100.0, found, np.nan)


def _rossi_inverse(inner: Floats, m: Floats) -> Floats:
    """As R has it: a root below 0 is squared like any other, and what has no root gives 0."""
    return np.where(inner < 0.0, 0.0, (np.sqrt(np.maximum(inner, 0.0)) - np.sqrt(m)) ** 2)


Score = Callable[[Floats, Floats, float], Floats]
SCORES: dict[str, Score] = {
    "standard": lambda x, m, _a: (x - m) / np.sqrt(m),
    "rossi": lambda x, m, _a: (x - 3.0 * m + 2.0 * np.sqrt(x * m)) / (2.0 * np.sqrt(m)),
    "anscombe": lambda x, m, _a: 1.5 * (np.cbrt(x) ** 2 - np.cbrt(m) ** 2) / m ** (1.0 / 6.0),
    "anscombe2nd": lambda x, m, _a: _anscombe2nd(x, m),
    "pearsonNegBin": lambda x, m, a: (x - m) / np.sqrt(m + a * m**2),
    "none": lambda x, _m, _a: x,
}
INVERSES: dict[str, Score] = {
    "standard": lambda z, m, _a: np.maximum(np.ceil(m + z * np.sqrt(m)), 0.0),
    "rossi": lambda z, m, _a: _rossi_inverse(2.0 * np.sqrt(m) * z + 4.0 * m, m),
    "anscombe": lambda z, m, _a: np.maximum(2.0 / 3.0 * m ** (1.0 / 6.0) * z + np.cbrt(m) ** 2, 0.0) ** 1.5,
    "anscombe2nd": lambda z, m, _a: (
        np.maximum(2.0 / 3.0 * m ** (1.0 / 6.0) * z + np.cbrt(m) ** 2 - np.cbrt(m) / 9.0, 0.0) ** 1.5
    ),
    "pearsonNegBin": lambda z, m, a: np.maximum(m + z * np.sqrt(m + a * m**2), 0.0),
}
