"""Upper bounds of a Farrington fit: what a count may reach before it is an alarm.

Source: Farrington et al. 1996, J R Stat Soc A 159:547, section 3.5 (`delta`); Noufaily et al. 2013, Stat Med 32:1206,
section 3.4 (`nbPlugin`, `muan`).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import stats

from convenio.programs.early_warning.methods.calibration import midp_bounds
from convenio.programs.early_warning.methods.monitored import Floats
from convenio.programs.early_warning.methods.negative_binomial import quantiles

ThresholdMethod = Literal["delta", "nbPlugin", "muan", "midp"]
Powertrans = Literal["2/3", "1/2", "none"]


def calibrated(mean: Floats, spread: Floats, phi: Floats, doubt: Floats, *, alpha: float) -> Floats:
    """The bound of `midp` for each count, in whole cases; arguments as `calibration.midp_bound`."""
    return np.asarray(midp_bounds(*(np.ascontiguousarray(each) for each in (mean, spread, phi, doubt)), alpha))


def upperbound(
    expected: Floats, variance: Floats, phi: Floats, *, alpha: float, method: ThresholdMethod, powertrans: Powertrans
) -> Floats:
    """The upper bound of each count, in cases.

    Args:
        expected: expected counts, any shape; NaN where nothing could be fitted.
        variance: variance of the expected count's logarithm.
        phi: dispersion, at least 1.
        alpha: one-sided false-alarm rate of one time point.
        method: `delta` (power transformation), `nbPlugin` (negative binomial quantile), `muan` (the same about the
            expected count's own upper limit); not `midp`, which is `calibrated`.
        powertrans: the transformation of `delta`.
    """
    z = stats.norm.ppf(1.0 - alpha)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        if method == "delta":
            return np.asarray(_delta(expected, phi + expected * variance, z, powertrans))
        mean = np.exp(np.log(expected) + z * np.sqrt(variance)) if method == "muan" else expected
        return quantiles(np.asarray(mean), np.asarray(phi), alpha)


def _delta(mean: Floats, tau: Floats, z: float, powertrans: Powertrans) -> Floats:
    if powertrans == "2/3":
        return np.maximum(np.cbrt(mean) ** 2 + z * np.sqrt(4.0 / 9.0 * np.cbrt(mean) * tau), 0.0) ** 1.5
    if powertrans == "1/2":
        return np.maximum(np.sqrt(mean) + z * np.sqrt(tau / 4.0), 0.0) ** 2
    return mean + z * np.sqrt(mean * tau)
