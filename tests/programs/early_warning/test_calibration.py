from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bench.early_warning_scenarios import CURRENT, past_outbreaks, scenarios
from convenio.core.errors import InputError
from convenio.programs.early_warning.methods import farrington_flexible, farrington_flexible_many
from convenio.programs.early_warning.methods.calibration import corrected, midp_bound, tail
from convenio.programs.early_warning.methods.negative_binomial import quantiles

means = st.floats(0.01, 2e4)
phis = st.floats(1.0, 12.0)
alphas = st.floats(1e-5, 0.2)


def midp(y, mean, phi):
    """From scipy, term by term of what the bound promises."""
    if y < 0:
        return 1.0
    law = stats.poisson(mean) if phi <= 1.0 + 1e-9 else stats.nbinom(mean / (phi - 1.0), 1.0 / phi)
    return float(law.sf(y) + 0.5 * law.pmf(y))


@given(means, phis, alphas)
@settings(max_examples=150, deadline=None)
def test_with_nothing_in_doubt_the_bound_is_the_last_count_whose_midp_value_is_alpha(mean, phi, alpha):
    bound = midp_bound(mean, 0.0, phi, 0.0, alpha)
    assert midp(bound, mean, phi) >= alpha * (1 - 1e-9)
    assert midp(bound + 1, mean, phi) <= alpha * (1 + 1e-9)


@given(means, st.floats(0.0, 0.5), phis, st.floats(0.0, 0.5), alphas)
@settings(max_examples=150, deadline=None)
def test_the_bound_rises_with_the_mean_and_falls_with_alpha(mean, spread, phi, doubt, alpha):
    bound = midp_bound(mean, spread, phi, doubt, alpha)
    assert midp_bound(1.2 * mean, spread, phi, doubt, alpha) >= bound
    assert midp_bound(mean, spread, phi, doubt, alpha / 2) >= bound
    assert bound == int(bound)


@given(means, st.floats(0.0, 0.5), phis, st.floats(0.0, 0.5))
@settings(max_examples=100, deadline=None)
def test_doubt_about_the_mean_raises_the_bound_at_one_in_a_hundred(mean, spread, phi, doubt):
    assert midp_bound(mean, spread + 0.2, phi, doubt, 0.01) >= midp_bound(mean, spread, phi, doubt, 0.01)


def test_a_bound_without_a_mean_is_none():
    assert np.isnan(midp_bound(np.nan, 0.1, 1.0, 0.1, 0.01))
    assert midp_bound(1e-9, 0.0, 1.0, 0.0, 0.01) == 0.0


@given(st.floats(1e-3, 5e3), phis, alphas)
@settings(max_examples=200, deadline=None)
def test_quantiles_are_scipys(mean, phi, alpha):
    law = stats.poisson(mean) if phi == 1.0 else stats.nbinom(mean / (phi - 1.0), 1.0 / phi)
    ours = float(quantiles(np.array([mean]), np.array([phi]), alpha)[0])
    assert law.sf(ours) <= alpha * (1 + 1e-9)
    assert ours == 0 or law.sf(ours - 1) >= alpha * (1 - 1e-9)


def test_quantiles_at_the_edge_of_what_can_be_fitted_end_nothing():
    edge = np.array([0.0, 2e-16, 1e-300, np.nan, np.inf, 1e9])
    found = quantiles(edge, np.array([2.0, 2.0, 1.0 + 1e-12, 2.0, 2.0, 3.0]), 0.01)
    assert found[:3].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(found[3:5]).all()
    assert found[5] == pytest.approx(1e9 + 2.326 * np.sqrt(3e9), rel=1e-6)


def test_what_weights_take_from_ordinary_weeks_is_what_simulation_says():
    draw = np.random.default_rng(4)
    mean, phi, threshold = 8.0, 3.0, 2.58
    y = draw.negative_binomial(mean / (phi - 1.0), 1.0 / phi, 400_000)
    s = 1.5 * (np.cbrt(y) ** 2 / mean ** (1 / 6) - np.sqrt(mean)) / np.sqrt(phi)
    lost = np.where(s > threshold, 1.0 - 1.0 / np.maximum(s, 1.0) ** 2, 0.0)
    found = np.empty(5)
    tail(mean, phi, 0.0, threshold, found)
    assert found[0] == pytest.approx(lost.mean(), rel=0.03)
    assert found[1] == pytest.approx((lost * (y - mean)).mean(), rel=0.03)
    assert found[2] == pytest.approx((lost * (y - mean) ** 2).mean(), rel=0.05)


def test_the_correction_finds_the_mean_and_dispersion_that_weights_hid():
    mean, phi, found = 8.0, 3.0, np.empty(5)
    tail(mean, phi, 1.0 / 200, 2.58, found)
    kept = 1.0 - found[0]
    shown = mean - found[1] / kept
    raw = (phi * mean - found[2] - kept * (found[1] / kept) ** 2) / shown / kept
    assert raw < 0.95 * phi
    made = np.empty(3)
    corrected(np.array([200.0]), np.array([shown]), 199.0, raw, True, 2.58, made)
    assert made[1] == pytest.approx(phi, rel=0.01)
    assert shown * made[0] == pytest.approx(mean, rel=0.01)
    corrected(np.array([200.0]), np.array([shown]), 199.0, raw, False, 2.58, made)
    assert made[1] == pytest.approx(raw)


def test_midp_comes_nearer_to_one_in_a_hundred_where_nbplugin_errs_most():
    """θ = -2, φ = 2 and θ = 0.5, φ = 5: few cases, strongly overdispersed."""
    draw = np.random.default_rng(11)
    rates = {"midp": [], "nbPlugin": []}
    for scenario in scenarios():
        if scenario.phi not in {2.0, 5.0}:
            continue
        counts = scenario.draw(12, draw)
        for method, found in rates.items():
            alarms = farrington_flexible_many(
                counts, range_=range(*CURRENT), thresholdMethod=method, limit54=(0, 4), threads=1
            ).alarm
            found.append(alarms.mean())
    before, after = np.mean(rates["nbPlugin"]), np.mean(rates["midp"])
    assert before > 0.015
    assert abs(after - 0.01) < 0.6 * abs(before - 0.01)


def test_scenarios_are_the_42_of_the_paper():
    found = scenarios()
    assert len(found) == 42
    assert len({(each.theta, each.phi) for each in found}) == 7
    first = found[5]
    assert first.harmonics == 2
    assert first.mean()[51] == pytest.approx(np.exp(0.1 + 0.0025 * 52 + 2 * 0.6), rel=1e-9)
    counts = found[23].draw(400, np.random.default_rng(1))[:, 600]
    assert counts.var() / counts.mean() == pytest.approx(found[23].phi, rel=0.25)
    extra = past_outbreaks(found[5], 3, np.random.default_rng(2))
    assert extra[:, :312].sum() == 0
    assert extra[:, 575:].sum() == 0
    assert (extra.sum(axis=1) > 0).all()


def test_an_outbreak_is_an_alarm_under_midp_too_and_few_cases_give_no_bound():
    counts = np.random.default_rng(5).poisson(6, 400).astype(float)
    counts[-1] = 40
    found = farrington_flexible(counts, range_=[398, 399], thresholdMethod="midp")
    assert found.alarm.tolist() == [False, True]
    assert found.score[1] > 1 > found.score[0]
    assert np.isnan(farrington_flexible(counts * 0, range_=[398], thresholdMethod="midp").upperbound[0])


def test_many_series_have_the_bounds_that_each_has_alone():
    draw = np.random.default_rng(8)
    counts = draw.poisson(draw.uniform(0.2, 30, (5, 1)), (5, 420)).astype(float)
    counts[2, 100:103] = np.nan
    people = draw.uniform(1e4, 2e4, (5, 420))
    for told in ({}, {"thresholdMethod": "midp"}, {"thresholdMethod": "delta", "noPeriods": 1, "limit54": (0, 4)}):
        many = farrington_flexible_many(counts, range_=range(410, 420), population=people, **told)
        for row in range(5):
            alone = farrington_flexible(counts[row], range_=range(410, 420), population=people[row], **told)
            for name in ("observed", "upperbound", "alarm", "expected", "score", "phi"):
                np.testing.assert_array_equal(getattr(many, name)[row], getattr(alone, name))


def test_many_series_name_the_one_that_is_wrong():
    counts = np.ones((300, 330))
    counts[280, 7] = -1
    with pytest.raises(InputError) as told:
        farrington_flexible_many(counts, range_=[329])
    assert "281" in str(told.value)
    assert "8" in str(told.value)
    with pytest.raises(InputError):
        farrington_flexible_many(np.ones(330), range_=[329])
    with pytest.raises(InputError):
        farrington_flexible_many(np.ones((2, 330)), range_=[329], population=np.zeros(330))
