"""EARS: a count is held against the mean and spread of the weeks or days just before it.

Source: Hutwagner et al. 2003, J Urban Health 80:i89; Fricker, Hegler and Dunfee 2008, Stat Med 27:3407.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike
from scipy import stats

from convenio.programs.early_warning.methods.monitored import Floats, Monitored, counts_of, monitored, places

ALPHA = {"C1": 0.001, "C2": 0.001, "C3": 0.025}
Method = Literal["C1", "C2", "C3"]


def ears_c(
    observed: ArrayLike,
    *,
    range_: Sequence[int] | None = None,
    method: Method = "C1",
    baseline: int = 7,
    minSigma: float = 0.0,
    alpha: float | None = None,
) -> Monitored:
    """EARS C1, C2 or C3.

    Args:
        observed: counts, (n,).
        range_: 0-based time points to monitor; all that have a baseline without it.
        method: `C1` compares with the time points just before, `C2` leaves two out between, `C3` adds what C2 exceeded
            on the two time points before.
        baseline: time points in the moving window, at least 3.
        minSigma: least standard deviation.
        alpha: one-sided false-alarm rate under a normal baseline; 0.001 for C1 and C2, 0.025 for C3 without it.

    Raises:
        InputError: the series is shorter than its baseline, or a count is negative.
    """
    held = counts_of(observed)
    lag = 0 if method == "C1" else 2
    points = places(range_, baseline + lag + (2 if method == "C3" else 0), len(held))
    z = stats.norm.ppf(1.0 - (ALPHA[method] if alpha is None else alpha))
    windows = sliding_window_view(held, baseline)
    mean, sigma = windows.mean(axis=1), np.maximum(windows.std(axis=1, ddof=1), minSigma)
    at = points - baseline - lag
    if method != "C3":
        return monitored(held, points, mean[at] + z * sigma[at], expected=mean[at])
    excess = sum(_excess(held[points - back], mean[at - back], sigma[at - back]) for back in (1, 2))
    bound = np.maximum(held[points] + sigma[at] * (z - excess), 0.0)
    return monitored(held, points, bound, expected=mean[at])


def _excess(observed: Floats, mean: Floats, sigma: Floats) -> Floats:
    """By how much C2's statistic lay above 1; NaN where the baseline had no spread at all, as R has it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum((observed - mean) / sigma - 1.0, 0.0)
