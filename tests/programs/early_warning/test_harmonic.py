"""The regression on every week of the baseline, its choice of harmonics, its trimming, and where it is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from convenio.core.errors import InputError
from convenio.programs.early_warning.methods import detect, farrington_flexible, harmonic, harmonic_many
from convenio.programs.early_warning.methods.harmonic import harmonics
from convenio.programs.early_warning.methods.trimming import loss
from convenio.programs.early_warning.schema import Count

T = np.arange(624)


def season(level: float = 20.0, *, trend: float = 0.0) -> np.ndarray:
    return level * np.exp(0.6 * np.sin(2 * np.pi * T / 52.0) + trend * T)


def test_the_mean_is_known_better_than_farringtons_and_from_ten_years_far_better():
    mean, draw = season(trend=0.002), np.random.default_rng(8)
    counts = draw.negative_binomial(mean / 0.5, 1 / 1.5, (40, 624)).astype(float)
    last = range(600, 624)
    ours, long = (harmonic_many(counts, range_=last, b=b).expected for b in (5, 10))
    theirs = np.array([farrington_flexible(each, range_=last).expected for each in counts])
    error = [float(np.mean(np.log(each / mean[600:]) ** 2)) for each in (ours, theirs, long)]
    assert error[0] < error[1]
    assert error[2] < 0.5 * error[1]
    assert abs(np.mean(np.log(ours / mean[600:]))) < 0.03


def test_many_series_have_the_bounds_that_each_has_alone():
    counts = np.random.default_rng(3).poisson(season(), (3, 624)).astype(float)
    many = harmonic_many(counts, range_=range(600, 624))
    for row, each in enumerate(counts):
        one = harmonic(each, range_=range(600, 624))
        np.testing.assert_array_equal(many.upperbound[row], one.upperbound)
        np.testing.assert_array_equal(many.alarm[row], one.alarm)


def test_a_time_point_tested_alone_has_the_bound_it_has_among_others():
    counts = np.random.default_rng(5).poisson(season(6.0), 624).astype(float)
    among = harmonic(counts, range_=range(590, 624))
    alone = np.array([harmonic(counts, range_=[at]).expected[0] for at in range(590, 624)])
    np.testing.assert_allclose(among.expected, alone, rtol=1e-3)


def test_ordinary_weeks_raise_few_alarms_and_an_outbreak_raises_one():
    mean = season(8.0)
    counts = np.random.default_rng(6).negative_binomial(mean / 0.5, 1 / 1.5, (60, 624)).astype(float)
    assert 0.004 < harmonic_many(counts, range_=range(576, 624)).alarm.mean() < 0.018
    counts[:, 620] += 8 * np.sqrt(1.5 * mean[620])
    assert harmonic_many(counts, range_=[620]).alarm.all()


def test_harmonics_and_trend_stay_where_they_earn_their_place():
    draw = np.random.default_rng(9)
    made = harmonics(624, [623], 52, None, 10, 26, None, trend=True, reweight=True)
    flat = [made.fit(draw.poisson(20.0, 624).astype(float), np.zeros(624))[0, 4] for _i in range(40)]
    wavy = [made.fit(draw.poisson(season()).astype(float), np.zeros(624))[0, 4] for _i in range(40)]
    assert np.mean(flat) < 1.5
    assert np.min(wavy) >= 1
    steep = np.mean([harmonic(draw.poisson(season(trend=0.004)), range_=[623]).expected[0] for _i in range(10)])
    assert steep == pytest.approx(season(trend=0.004)[623], rel=0.08)


def test_few_cases_get_few_coefficients():
    counts = np.zeros(624)
    counts[np.arange(310, 590, 12)] = 1.0
    found = harmonic(counts, range_=[623], limit54=(0, 4))
    assert found.expected[0] == pytest.approx(counts[363:597].mean(), rel=0.3)
    assert 1.0 <= found.phi[0] < 2.0


def test_past_outbreaks_leave_mean_and_dispersion_where_they_were():
    draw = np.random.default_rng(12)
    clean = draw.poisson(season(), (30, 624)).astype(float)
    struck = clean.copy()
    for start in (340, 400, 470, 540):
        struck[:, start : start + 3] += 40
    told = {"range_": [620], "limit54": (0, 4)}
    before, after = harmonic_many(clean, **told), harmonic_many(struck, **told)
    assert np.mean(after.expected / before.expected) == pytest.approx(1.0, abs=0.03)
    assert np.mean(after.phi) < 1.25
    assert np.mean(harmonic_many(struck, reweight=False, **told).phi) > 2.0


@pytest.mark.parametrize(("mean", "phi"), [(0.3, 1.0), (2.0, 1.5), (40.0, 3.0), (400.0, 1.2)])
def test_what_trimming_takes_is_the_tail_of_the_law(mean, phi):
    law = stats.poisson(mean) if phi == 1.0 else stats.nbinom(mean / (phi - 1.0), 1.0 / phi)
    y = np.arange(5000)
    p, out = law.pmf(y), np.empty(4)
    loss(mean, phi, 0.005, out)
    taken = np.clip(y - out[0], 0.0, 1.0)
    assert float(taken @ p) == pytest.approx(0.005, rel=1e-6)
    assert out[1] == pytest.approx(float((taken * p) @ (y - mean)), rel=1e-3)
    assert out[2] == pytest.approx(float((taken * p) @ (y - mean) ** 2), rel=1e-3)


def test_missing_counts_populations_days_and_months():
    draw = np.random.default_rng(2)
    counts = draw.poisson(season()).astype(float)
    counts[[300, 410, 555]] = np.nan
    assert np.isfinite(harmonic(counts, range_=[623]).upperbound).all()
    people = np.linspace(1e5, 2e5, 624)
    rate = draw.poisson(people * 2e-4).astype(float)
    assert harmonic(rate, range_=[623], population=people).expected[0] == pytest.approx(40.0, rel=0.15)
    days = np.arange("2016-01-01", "2022-01-01", dtype="datetime64[D]")
    level = np.where((days.astype(int) + 3) % 7 < 5, 40.0, 10.0)
    daily = harmonic(draw.poisson(level).astype(float), range_=range(len(days) - 14, len(days)), freq=365, dates=days)
    np.testing.assert_allclose(daily.expected, level[-14:], rtol=0.15)
    monthly = harmonic(draw.poisson(30.0, 120).astype(float), range_=[119], freq=12, pastWeeksNotIncluded=3)
    assert monthly.expected[0] == pytest.approx(30.0, rel=0.2)


def test_what_cannot_be_is_refused():
    with pytest.raises(InputError, match="too short"):
        harmonic(np.ones(60), range_=[59])
    with pytest.raises(InputError, match="at least one year"):
        harmonic(np.ones(200), b=0)
    with pytest.raises(InputError, match="too many"):
        harmonic(np.ones(200), freq=12, S=6)
    assert np.isnan(harmonic(np.zeros(400), range_=[399], limit54=(0, 4)).upperbound).all()


def test_detection_by_harmonics_takes_its_arguments_and_no_others():
    first = dt.date(2014, 1, 6)
    counts = np.random.default_rng(1).poisson(season(12.0)[:520])
    counts[-1] += 40
    rows = [
        {"series": "09-015", "period": first + dt.timedelta(days=7 * i), "observed": int(n)}
        for i, n in enumerate(counts)
    ]
    table = pa.Table.from_pylist(rows, schema=Count.arrow_schema())
    found = detect(table, method="harmonic", b=7, S=2).to_pylist()[0]
    assert found["alarm"]
    assert found["expected"] == pytest.approx(season(12.0)[519], rel=0.2)
    assert "only 5 of 50" not in found["note"]
    assert "only" in detect(table, method="harmonic", b=50).to_pylist()[0]["note"]
    with pytest.raises(InputError, match="no effect") as refused:
        detect(table, method="harmonic", noPeriods=10)
    assert "S is how many" in str(refused.value.advice)
