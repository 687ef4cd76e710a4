"""Is a bound at 0.01 exceeded once in a hundred ordinary weeks, and what does it find?

The 42 scenarios of Noufaily et al. 2013 (`early_warning_scenarios`), 340 series of each, so 2,040 in each of the seven
classes of mean and dispersion; the last 49 weeks are tested at Noufaily's settings with `limit54` off. *Before* is
Farrington flexible with `nbPlugin`, whose bounds are R's: R runs on a few of the series in the same run and the bounds
are held against each other. *After* is `midp`. No constant in `midp` was fitted to these scenarios or to any data.

False-positive rates are over weeks without an outbreak, with and without outbreaks in the baseline; their intervals
(95 per cent) take a series as the unit, since its weeks share their baseline. The *oracle* knows the true mean and
dispersion of every week; it ranks weeks by their mid-p value and is cut, in each scenario, at the false-positive rate
that the method itself has there. An outbreak is detected when one of the weeks in which it has cases is an alarm. The
predictive value is the share of alarms that fall in a week with outbreak cases; how common such weeks are stands
beside it. Methods other than the first two are run on the first 120 series of each scenario.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.early_warning_scenarios import CURRENT, SETS, Scenario, current_outbreaks, past_outbreaks, scenarios
from bench.harness import Row, shell
from convenio.programs.early_warning.methods import ears_c, farrington, farrington_flexible_many
from convenio.programs.early_warning.methods.bounds import ThresholdMethod

SEED, ALPHA, PER_SCENARIO, FEWER = 20211008, 0.01, 340, 120
WEEKS = range(*CURRENT)
Flags = NDArray[np.bool_]
Counts = NDArray[np.float64]
R_SCRIPT = """
suppressMessages(library(surveillance))
d <- as.matrix(read.csv("series.csv", header = FALSE))
b <- sapply(1:ncol(d), function(j) {
  s <- sts(observed = d[, j, drop = FALSE], frequency = 52, start = c(2000, 1))
  as.numeric(upperbound(farringtonFlexible(s, list(range = 576:624, b = 5, w = 3, noPeriods = 10,
    pastWeeksNotIncluded = 26, reweight = TRUE, weightsThreshold = 2.58, trend = TRUE, pThresholdTrend = 1,
    thresholdMethod = "nbPlugin", alpha = 0.01, limit54 = c(0, 4)))))
})
write.table(b, "bounds.csv", sep = ",", row.names = FALSE, col.names = FALSE)
"""


def flexible(method: ThresholdMethod) -> Callable[[Counts], Flags]:
    """Alarms of Farrington flexible, (series, 49)."""

    def alarms(counts: Counts) -> Flags:
        return farrington_flexible_many(
            counts,
            range_=WEEKS,
            alpha=ALPHA,
            thresholdMethod=method,
            limit54=(0, 4),
            threads=min(2, os.cpu_count() or 1),
        ).alarm

    return alarms


def one_by_one(function: Callable[..., object], **settings: object) -> Callable[[Counts], Flags]:
    def alarms(counts: Counts) -> Flags:
        return np.array([function(each, range_=WEEKS, **settings).alarm for each in counts])  # type: ignore[attr-defined]

    return alarms


METHODS: dict[str, Callable[[Counts], Flags]] = {
    "midp": flexible("midp"),
    "nbPlugin": flexible("nbPlugin"),
    "muan": flexible("muan"),
    "Farrington 1996": one_by_one(farrington, alpha=2 * ALPHA, limit54=(0, 4)),
    "EARS C1": one_by_one(ears_c, method="C1"),
    "EARS C2": one_by_one(ears_c, method="C2"),
    "EARS C3": one_by_one(ears_c, method="C3"),
}
FLEXIBLE = ("midp", "nbPlugin")


@dataclass
class Found:
    """What one method said of one scenario; each (series, 49). `fresh` is the current outbreak on a clean baseline."""

    clean: Flags
    past: Flags
    current: Flags
    fresh: Flags | None = None


@dataclass
class World:
    """One scenario's series: the tested weeks' true mid-p values and where the outbreak has cases."""

    scenario: Scenario
    clean_midp: Counts
    past_midp: Counts
    current_midp: Counts
    fresh_midp: Counts
    outbreak: Flags
    found: dict[str, Found]


def midp(counts: Counts, scenario: Scenario) -> Counts:
    """The mid-p value of every count for one who knows its mean and dispersion."""
    mean, phi = scenario.mean()[CURRENT[0] :], scenario.phi
    law = stats.poisson(mean) if phi == 1.0 else stats.nbinom(mean / (phi - 1.0), 1.0 / phi)
    return np.asarray(law.sf(counts) + 0.5 * law.pmf(counts))


def world(scenario: Scenario, size: int, draw: np.random.Generator) -> World:
    clean = scenario.draw(size, draw).astype(np.float64)
    past = (scenario.draw(size, draw) + past_outbreaks(scenario, size, draw)).astype(np.float64)
    extra, _k = current_outbreaks(scenario, size, draw)
    current = (past + extra).astype(np.float64)
    found = {}
    for name, alarms in METHODS.items():
        part = slice(None if name in FLEXIBLE else FEWER)
        new = alarms(clean + extra) if name in FLEXIBLE else None
        found[name] = Found(alarms(clean[part]), alarms(past[part]), alarms(current[part]), new)
    tested = slice(*CURRENT)
    return World(
        scenario, midp(clean[:, tested], scenario), midp(past[:, tested], scenario), midp(current[:, tested], scenario),
        midp((clean + extra)[:, tested], scenario),
        extra[:, tested] > 0, found,
    )  # fmt: skip


def rate(flags: Iterable[Flags]) -> tuple[float, float]:
    """A rate over all weeks and the half-width of its interval, with a series as the unit."""
    each = np.concatenate([np.asarray(one.mean(axis=1)) for one in flags])
    return float(each.mean()), 1.96 * float(each.std(ddof=1)) / float(np.sqrt(len(each)))


def detected(alarms: Flags, outbreak: Flags) -> Flags:
    """Of the series with an outbreak in the tested weeks, those where it is found."""
    hit: Flags = np.any(alarms & outbreak, axis=1)
    return np.asarray(hit[np.any(outbreak, axis=1)])


def oracle(each: World, name: str, *, fresh: bool = False) -> tuple[float, float]:
    """Probability of detection of the method and of the oracle at its false-positive rate, in one scenario.

    The cut may fall inside the weeks of one mid-p value; of those, the share that is needed counts.
    """
    said = each.found[name]
    alarms = said.fresh if fresh and said.fresh is not None else said.current
    weeks = each.fresh_midp if fresh else each.current_midp
    wanted = float((said.clean if fresh else said.past).mean())
    values = np.sort((each.clean_midp if fresh else each.past_midp).ravel())
    place = min(round(wanted * len(values)), len(values) - 1)
    cut = values[place]
    ties = float(np.mean(values == cut))
    share = (wanted - float(np.mean(values < cut))) / ties if ties > 0 else 0.0
    sure = detected(weeks < cut, each.outbreak)
    perhaps = np.where(each.outbreak, weeks == cut, False).sum(axis=1)[each.outbreak.any(axis=1)]
    chance = np.where(sure, 1.0, 1.0 - (1.0 - np.clip(share, 0.0, 1.0)) ** perhaps)
    return float(detected(alarms, each.outbreak).mean()), float(chance.mean())


def run(*, quick: bool) -> list[Row]:
    draw = np.random.default_rng(SEED)
    size = 12 if quick else PER_SCENARIO
    worlds = [world(each, size, draw) for each in scenarios()]
    classes = [worlds[6 * i : 6 * i + 6] for i in range(len(SETS))]
    rows = []
    for (theta, _beta, _g1, _g2, phi), members in zip(SETS, classes, strict=True):
        rows.append(_false(f"θ = {theta:g}, φ = {phi:g}", members, quick=quick))
    rows.append(_false("all 42 scenarios", worlds, quick=quick))
    rows.append(_false("all, with outbreaks in the baseline", worlds, quick=quick, past=True))
    rows.append(_spread(worlds))
    rows += [_any(f"θ = {each[0]:g}, φ = {each[4]:g}", m) for each, m in zip(SETS, classes, strict=True)]
    rows.append(_any("all 42 scenarios", worlds))
    rows += [_power(f"θ = {e[0]:g}, φ = {e[4]:g}", m, quick=quick) for e, m in zip(SETS, classes, strict=True)]
    rows.append(_power("all 42 scenarios", worlds, quick=quick))
    rows.append(_power("all, without outbreaks in the baseline", worlds, quick=quick, fresh=True))
    rows += [_table(name, worlds) for name in METHODS]
    rows.append(_beside_r(quick=quick))
    return rows


def _false(where: str, members: list[World], *, quick: bool, past: bool = False) -> Row:
    def of(name: str) -> tuple[float, float]:
        return rate(one.found[name].past if past else one.found[name].clean for one in members)

    ours, half = of("midp")
    before, wide = of("nbPlugin")
    best = float(np.mean([np.mean((one.past_midp if past else one.clean_midp) < ALPHA) for one in members]))
    return Row(
        f"false-positive rate at 0.01, {where}", ours, "share of weeks", before,
        "0.010 ± 0.002" if where == "all 42 scenarios" else "", None if quick or where != "all 42 scenarios"
        else abs(ours - ALPHA) <= 0.002,
        f"after (midp) {ours:.4f} ± {half:.4f}; before (nbPlugin, R's bounds) {before:.4f} ± {wide:.4f}; the oracle's "
        f"own mid-p test {best:.4f}; {sum(len(one.outbreak) for one in members):,} series × 49 weeks",
    )  # fmt: skip


def _spread(worlds: list[World]) -> Row:
    def of(name: str) -> list[float]:
        return [float(one.found[name].clean.mean()) for one in worlds]

    ours, before = of("midp"), of("nbPlugin")
    return Row(
        "false-positive rate, root mean square distance from 0.01 over the 42 scenarios",
        float(np.sqrt(np.mean((np.array(ours) - ALPHA) ** 2))), "share of weeks",
        float(np.sqrt(np.mean((np.array(before) - ALPHA) ** 2))),
        note=f"scenarios lie between {min(ours):.4f} and {max(ours):.4f} (midp), {min(before):.4f} and "
        f"{max(before):.4f} (nbPlugin); peer: nbPlugin",
    )  # fmt: skip


def _any(where: str, members: list[World]) -> Row:
    def of(name: str) -> float:
        return float(np.mean(np.concatenate([one.found[name].clean.any(axis=1) for one in members])))

    return Row(
        f"one false alarm or more in 49 weeks, {where}", of("midp"), "share of series", of("nbPlugin"),
        note="0.389 if every week were independent and at exactly 0.01; peer: nbPlugin",
    )  # fmt: skip


def _power(where: str, members: list[World], *, quick: bool, fresh: bool = False) -> Row:
    pairs = [oracle(one, "midp", fresh=fresh) for one in members]
    plain = [oracle(one, "nbPlugin", fresh=fresh) for one in members]
    share = sum(p for p, _o in pairs) / sum(o for _p, o in pairs)
    cause = "" if share >= 0.95 else "; lost to means fitted from few cases, ten steps for a sine, past outbreaks"
    before = sum(p for p, _o in plain) / sum(o for _p, o in plain)
    return Row(
        f"probability of detection over the oracle's at the same false-positive rate, {where}", share, "share", before,
        "≥ 0.95", None if quick else share >= 0.95,
        f"midp {np.mean([p for p, _o in pairs]):.3f} of {np.mean([o for _p, o in pairs]):.3f}; nbPlugin "
        f"{np.mean([p for p, _o in plain]):.3f} of {np.mean([o for _p, o in plain]):.3f}; peer: nbPlugin{cause}",
    )  # fmt: skip


def _table(name: str, worlds: list[World]) -> Row:
    size = len(worlds[0].found[name].current)
    weeks = np.concatenate([one.outbreak[:size].ravel() for one in worlds])
    alarms = np.concatenate([one.found[name].current.ravel() for one in worlds])
    clean, half = rate(one.found[name].clean for one in worlds)
    any_ = float(np.mean(np.concatenate([one.found[name].clean.any(axis=1) for one in worlds])))
    pod = float(np.mean(np.concatenate([detected(one.found[name].current, one.outbreak[:size]) for one in worlds])))
    value = float(np.mean(weeks[alarms])) if alarms.any() else float("nan")
    own = {"EARS C1": "alpha 0.001", "EARS C2": "alpha 0.001", "EARS C3": "alpha 0.025"}.get(name, "alpha 0.01")
    return Row(
        f"predictive value of an alarm, {name}", value, "share of alarms",
        note=f"{own}; outbreak prevalence {weeks.mean():.3f} of weeks; false-positive rate {clean:.4f} ± {half:.4f}; "
        f"one false alarm or more in 49 weeks {any_:.3f}; probability of detection {pod:.3f}",
    )  # fmt: skip


def _beside_r(*, quick: bool) -> Row:
    what = "bounds of nbPlugin that equal R's, on series of these scenarios"
    rscript = shutil.which("Rscript")
    if rscript is None:
        return Row(what, "not run", "", note="R is not installed here; `nbPlugin` stands for it by conformance")
    draw = np.random.default_rng(SEED + 1)
    counts = np.concatenate([each.draw(1, draw) for each in scenarios()[:: 21 if quick else 1]]).astype(np.float64)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.savetxt(folder / "series.csv", counts.T, delimiter=",", fmt="%d")
        (folder / "part.R").write_text(R_SCRIPT, encoding="utf-8")
        done = subprocess.run([rscript, "part.R"], cwd=folder, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode:
            return Row(what, "not run", "", note=f"R failed: {done.stderr.strip()[-120:]}")
        with (folder / "bounds.csv").open(encoding="utf-8") as file:
            theirs = np.array([[np.nan if v == "NA" else float(v) for v in row] for row in csv.reader(file)]).T
    ours = farrington_flexible_many(counts, range_=WEEKS, limit54=(0, 4))
    same = np.isclose(ours.upperbound, theirs, rtol=1e-9, atol=0) | (np.isnan(theirs) & np.isnan(ours.upperbound))
    now = counts[:, CURRENT[0] :]
    return Row(
        what, int(same.sum()), f"of {same.size:,}", None, "all", bool(same.all()),
        f"{len(counts)} series, one of each scenario; R's false-positive rate there {np.mean(now > theirs):.4f}, ours "
        f"{np.mean(ours.alarm):.4f}",
    )  # fmt: skip


if __name__ == "__main__":
    shell(run)
