"""Methods that compare with the counts of the same time in earlier years: Bayes, RKI, CDC.

Source: Riebler 2004 and Höhle 2007, Comput Stat 22:571 (Bayes, RKI); Crow and Gardner 1959, Biometrika 46:441 (limits
of a Poisson mean); Stroup et al. 1989, Stat Med 8:323 (CDC).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from convenio.programs.early_warning.methods.monitored import Floats, Monitored, counts_of, monitored, places

CROW_GARDNER = (
    3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633, 19.050, 20.335, 21.364, 22.945,
    23.762, 25.400, 26.306, 27.735, 28.966, 30.017,
)  # fmt: skip
BLOCK = 4


def bayes(
    observed: ArrayLike, *, range_: Sequence[int] | None = None, b: int = 0, w: int = 6, actY: bool = True,
    alpha: float = 0.05, freq: int = 52,
) -> Monitored:  # fmt: skip
    """The quantile of the predictive distribution under a Poisson model with Jeffreys' prior.

    Args:
        observed: counts, (n,).
        range_: 0-based time points to monitor; all that have a baseline without it.
        b: years to go back.
        w: half-window about the same time of earlier years; the window before it in the year itself.
        actY: whether the `w` time points just before count too.
        alpha: one-sided false-alarm rate of one time point.
        freq: time points in a year.
    """
    held = counts_of(observed)
    points = places(range_, b * freq + w, len(held))
    values = [_reference(held, int(t), b, w, freq, actY=actY) for t in points]
    size = np.array([len(each) for each in values], dtype=np.float64)
    total = np.array([each.sum() for each in values])
    bound = stats.nbinom.ppf(1.0 - alpha, total + 0.5, size / (size + 1.0))
    return monitored(held, points, bound, expected=(total + 0.5) / size)


def rki(
    observed: ArrayLike, *, range_: Sequence[int] | None = None, b: int = 2, w: int = 4, actY: bool = False,
    freq: int = 52,
) -> Monitored:  # fmt: skip
    """The Robert Koch Institute's rule: mean and two standard deviations; below 20, the limit of a Poisson mean.

    Arguments as `bayes`.
    """
    held = counts_of(observed)
    points = places(range_, b * freq + w, len(held))
    values = [_reference(held, int(t), b, w, freq, actY=actY) for t in points]
    mean = np.array([each.mean() for each in values])
    spread = np.array([each.std(ddof=1) for each in values])
    limits = np.array([CROW_GARDNER[int(each)] if each <= 20.0 else np.nan for each in mean])
    bound = np.where(mean <= 20.0, limits, mean + 2.0 * spread)
    return monitored(held, points, bound, expected=mean)


def cdc(
    observed: ArrayLike, *, range_: Sequence[int] | None = None, b: int = 5, m: int = 1, alpha: float = 0.025,
    freq: int = 52,
) -> Monitored:  # fmt: skip
    """CDC's historical limits: the last four weeks against the four-week blocks about them in earlier years.

    Args:
        observed: weekly counts, (n,).
        range_: 0-based time points to monitor; all that have a baseline without it.
        b: years to go back.
        m: blocks before and after the same one.
        alpha: two-sided false-alarm rate.
        freq: time points in a year.

    Returns:
        Bounds and observed counts of four-week totals.
    """
    held = counts_of(observed)
    points = places(range_, b * freq + BLOCK * m + BLOCK - 1, len(held))
    total = _sums(held)
    blocks = np.stack(
        [_block(total, points - freq * year + BLOCK * step) for year in range(1, b + 1) for step in range(-m, m + 1)],
        axis=1,
    )
    size, mean = blocks.shape[1], blocks.mean(axis=1)
    bound = mean + stats.norm.ppf(1.0 - alpha / 2.0) * blocks.std(axis=1, ddof=1) * np.sqrt(1.0 + 1.0 / size)
    now = _block(total, points)
    found = monitored(held, points, bound, now > bound, mean)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = (now - mean) / (bound - mean)
    return Monitored(points, now, bound, found.alarm, mean, score, found.phi)


def _block(total: Floats, end: NDArray[np.int64]) -> Floats:
    return np.asarray(total[end + 1 - BLOCK])


def _sums(held: Floats) -> Floats:
    """Four-week totals by their first week; NaN where a count is missing."""
    return np.asarray(sliding_window_view(held, BLOCK).sum(axis=1))


def _reference(held: Floats, t: int, b: int, w: int, freq: int, *, actY: bool) -> Floats:
    parts = [held[t - w : t]] if actY else []
    parts += [held[t - freq * year - w : t - freq * year + w + 1] for year in range(1, b + 1)]
    found = np.concatenate(parts) if parts else np.empty(0)
    return np.asarray(found[~np.isnan(found)])
