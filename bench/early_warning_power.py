"""Where detection power is lost, and how much of it a regression on every week of the baseline wins back.

The 42 scenarios of Noufaily et al. 2013, outbreaks in the baseline unless said otherwise. Every method ranks the
tested weeks by its own predictive mid-p value and is cut, in each scenario, where exactly one in a hundred of its weeks
without a current outbreak lies below; so is the oracle, which knows the true mean and dispersion. What stands in the
table is the probability of detection over the oracle's.

*Known form* is told which harmonics and whether a trend there are, and has no outbreaks in its baseline: what is left
is that coefficients and dispersion are estimated. No method that takes only these years can be expected to do better.
`harmonic` is told nothing. No constant of any of them was fitted to these scenarios.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.early_warning_calibration import SEED, detected, midp
from bench.early_warning_scenarios import CURRENT, Scenario, current_outbreaks, past_outbreaks, scenarios
from bench.harness import Row, shell
from convenio.programs.early_warning.methods.calibration import NODES, WEIGHTS
from convenio.programs.early_warning.methods.harmonic import harmonics
from convenio.programs.early_warning.methods.plan import plan

RATE, PER_SCENARIO = 0.01, 60
WEEKS = range(*CURRENT)
Counts = NDArray[np.float64]
Parts = tuple[Counts, Counts, Counts, Counts]


def value(counts: Counts, mean: Counts, spread: Counts, phi: Counts, doubt: Counts) -> Counts:
    """The mid-p value of every count, averaged over what mean and dispersion may be."""
    wide = np.log1p(doubt)
    total = np.zeros(counts.shape)
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        wider = np.maximum(phi * np.exp(0.5 * wide + np.sqrt(wide) * node), 1.0) + spread * mean
        wider = np.maximum(wider, 1.0 + 1e-9)
        law = stats.nbinom(mean / (wider - 1.0), 1.0 / wider)
        total += weight * (law.sf(counts) + 0.5 * law.pmf(counts))
    return total


def farringtons(counts: Counts, *, plugin: bool) -> Parts:
    made = plan(
        counts.shape[1], WEEKS, 52, None, 5, 3, 10, 26, trend=True, pThresholdTrend=1.0, reweight=True,
        weightsThreshold=2.58, calibrate=True,
    )  # fmt: skip
    out = np.array([made.fit(each, np.ones(len(each))) for each in counts])
    if plugin:
        nothing = np.zeros(out.shape[:2])
        return out[:, :, 0], nothing, out[:, :, 2], nothing
    return out[:, :, 6], out[:, :, 7], out[:, :, 8], out[:, :, 9]


def by_harmonics(counts: Counts, *, b: int, known: Scenario | None = None) -> Parts:
    S, trend, reweight = (None, True, True) if known is None else (known.harmonics, known.beta > 0, False)
    made = harmonics(counts.shape[1], WEEKS, 52, None, b, 26, S, trend=trend, reweight=reweight)
    if known is not None:
        made.fixed[2] = 0
    out = np.array([made.fit(each, np.zeros(len(each))) for each in counts])
    return out[:, :, 0], out[:, :, 1], out[:, :, 2], out[:, :, 3]


def power(ordinary: Counts, current: Counts, outbreak: NDArray[np.bool_]) -> float:
    """The chance of detection at the rate; of the weeks that lie on the cut, the share that is needed counts."""
    values = np.sort(ordinary.ravel())
    cut = values[round(RATE * len(values))]
    share = (RATE - float(np.mean(values < cut))) / float(np.mean(values == cut))
    perhaps = np.where(outbreak, current == cut, False).sum(axis=1)[outbreak.any(axis=1)]
    chance = np.where(detected(current < cut, outbreak), 1.0, 1.0 - (1.0 - np.clip(share, 0.0, 1.0)) ** perhaps)
    return float(chance.mean())


def run(*, quick: bool) -> list[Row]:
    draw = np.random.default_rng(SEED + 2)
    size = 6 if quick else PER_SCENARIO
    methods: dict[str, Callable[[Counts, Scenario], Parts]] = {
        "harmonic, ten years": lambda y, _s: by_harmonics(y, b=10),
        "harmonic, five years": lambda y, _s: by_harmonics(y, b=5),
        "midp, five years": lambda y, _s: farringtons(y, plugin=False),
        "nbPlugin, five years (R's mean and dispersion)": lambda y, _s: farringtons(y, plugin=True),
        "bound: known form, clean baseline, ten years": lambda y, s: by_harmonics(y, b=10, known=s),
        "bound: known form, clean baseline, five years": lambda y, s: by_harmonics(y, b=5, known=s),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in methods}
    for scenario in scenarios():
        plain = scenario.draw(size, draw).astype(np.float64)
        past = plain + past_outbreaks(scenario, size, draw)
        extra, _k = current_outbreaks(scenario, size, draw)
        tested = slice(*CURRENT)
        outbreak = extra[:, tested] > 0
        best = power(midp(plain[:, tested], scenario), midp((plain + extra)[:, tested], scenario), outbreak)
        for name, method in methods.items():
            base = plain if name.startswith("bound") else past
            ordinary, current = (value(y[:, tested], *method(y, scenario)) for y in (base, base + extra))
            found[name].append((power(ordinary, current, outbreak), best))
    plugin = _share(found["nbPlugin, five years (R's mean and dispersion)"])
    rows = []
    for name, pairs in found.items():
        ours = name.startswith("harmonic")
        by_class = [_share(pairs[6 * i : 6 * i + 6]) for i in range(7)]
        rows.append(
            Row(f"probability of detection over the oracle's at a false-positive rate of 0.01, {name}", _share(pairs),
                "share", plugin, "≥ 0.95" if ours else "", _share(pairs) >= 0.95 if ours and not quick else None,
                f"{size * 42:,} series × 49 weeks; the seven classes: {', '.join(f'{each:.3f}' for each in by_class)}; "
                "peer: nbPlugin")
        )  # fmt: skip
    return rows


def _share(pairs: list[tuple[float, float]]) -> float:
    return sum(p for p, _o in pairs) / sum(o for _p, o in pairs)


if __name__ == "__main__":
    shell(run)
