"""Cases that R's surveillance 1.20.3 was run on (`bench.conformance.r_surveillance_cases`, seed 7)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench.conformance.r_surveillance import compare
from bench.conformance.r_surveillance_cases import KINDS, Input, literal, simulated, told_to_r
from convenio.core.errors import InputError
from convenio.programs.early_warning.methods import cdc, cusum, ears_c, farrington, farrington_flexible, glr

FOLDER = Path(__file__).parent / "r_cases"
CASES = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[each["id"] for each in CASES])
def test_bounds_and_alarms_are_those_of_r(case):
    found = compare(case, FOLDER)
    assert found["time_points"] > 0
    assert found["max_rel_error"] <= 1e-6
    assert found["alarm_mismatches"] == 0


def test_every_kind_of_method_is_among_the_cases():
    assert {each["algorithm"] for each in CASES} == set(KINDS)


def test_months_with_dates_have_their_trend_over_days():
    counts = np.random.default_rng(3).poisson(np.linspace(60, 15, 120)).astype(float)
    dates = np.arange("2010-01", "2020-01", dtype="datetime64[M]").astype("datetime64[D]")
    told = {"range_": [119], "freq": 12, "w": 2, "noPeriods": 1, "pastWeeksNotIncluded": 2}
    by_day = farrington_flexible(counts, dates=dates, **told).expected[0]
    by_row = farrington_flexible(counts, **told).expected[0]
    assert by_day != by_row
    assert by_day == pytest.approx(by_row, rel=0.02)


def test_daily_series_are_compared_with_the_same_weekday():
    days = np.arange("2016-01-01", "2022-01-01", dtype="datetime64[D]")
    weekday = (days.astype(int) + 3) % 7
    level = np.where(weekday < 5, 40.0, 10.0)
    counts = np.random.default_rng(2).poisson(level).astype(float)
    last = range(len(days) - 28, len(days))
    told = {"freq": 365, "b": 4, "w": 14, "noPeriods": 1, "pastWeeksNotIncluded": 14, "range_": last, "trend": False}
    for dates in (days, None):
        alike = farrington_flexible(counts, dates=dates, sameWeekday=True, **told)
        np.testing.assert_allclose(alike.expected, level[list(last)], rtol=0.25)
    blurred = farrington_flexible(counts, dates=days, **told)
    assert blurred.upperbound.min() > 50
    sunday = len(days) - 28 + int(np.flatnonzero(weekday[-28:] == 6)[-1])
    counts[sunday] = 35.0
    assert farrington_flexible(counts, dates=days, sameWeekday=True, **{**told, "range_": [sunday]}).alarm[0]
    assert not farrington_flexible(counts, dates=days, **{**told, "range_": [sunday]}).alarm[0]
    with pytest.raises(InputError):
        farrington_flexible(counts[:400], range_=[399], sameWeekday=True)


def test_missing_counts_are_what_r_makes_of_them():
    counts = np.random.default_rng(5).poisson(6, 400).astype(float)
    counts[397] = np.nan
    assert np.isnan(farrington_flexible(counts, range_=[399]).upperbound[0])
    assert np.isfinite(farrington_flexible(counts, range_=[399], limit54=(5, 2)).upperbound[0])
    lost = cusum(counts, range_=range(390, 400), m=6.0)
    assert (lost.upperbound[8:] == 0).all()
    assert not lost.alarm[7:].any()
    counts[399 - 52] = np.nan
    assert np.isnan(cdc(counts, range_=[399], b=5).upperbound[0])
    flat = np.r_[np.zeros(20), 5.0]
    assert np.isnan(ears_c(flat, range_=[20], method="C3").upperbound[0])
    assert np.isfinite(ears_c(flat, range_=[20], method="C3", minSigma=0.5).upperbound[0])


def test_glr_for_a_growing_epidemic_is_the_maximum_of_the_paper():
    counts = np.array([4.0, 4, 4, 4, 3, 6])
    found = glr(counts, range_=[4, 5], mu0=4.0, change="epi")
    assert found.upperbound[1] == pytest.approx(6 * np.log(1.5) - 2, rel=1e-9)
    with pytest.raises(InputError):
        glr(counts, range_=[4, 5], mu0=4.0, change="epi", theta=0.3)
    with pytest.raises(InputError):
        glr(counts, range_=[4, 5], mu0=4.0, alpha=None)


def test_the_generator_writes_what_r_reads(tmp_path):
    made = simulated(tmp_path, 0, np.random.default_rng(1))
    assert isinstance(made, Input)
    assert (tmp_path / made.file).read_text(encoding="utf-8").startswith("t,epoch,observed,population")
    assert literal({"S": 1, "trend": True}) == "list(S = 1, trend = TRUE)"
    assert (
        told_to_r({"range": [3, 9], "m": None, "limit54": [5, 4]}) == "list(range = 3:9, m = NULL, limit54 = c(5, 4))"
    )
    for draw_control, _weight in KINDS.values():
        control = draw_control(np.random.default_rng(3), made)
        assert 1 <= control["range"][0] <= control["range"][1] <= made.size


def test_detection_compares_a_day_with_the_same_weekday():
    import datetime as dt

    import pyarrow as pa

    from convenio.programs.early_warning.methods import detect
    from convenio.programs.early_warning.schema import Count

    draw = np.random.default_rng(6)
    first, size = dt.date(2018, 1, 1), 1500
    rows = []
    for i in range(size):
        day = first + dt.timedelta(days=i)
        rows.append({"series": "a", "period": day, "observed": int(draw.poisson(8 if day.weekday() > 4 else 40))})
    sunday = size - 1 - (rows[-1]["period"].weekday() + 1) % 7
    rows[sunday]["observed"] = 30
    found = detect(pa.Table.from_pylist(rows[: sunday + 1], schema=Count.arrow_schema()), b=3).to_pylist()
    assert found[0]["alarm"]
    assert found[0]["expected"] < 16
    assert "weekday" in found[0]["note"]


def test_anscombe_residuals_of_the_negative_binomial_are_rs():
    """R's cumulative sum of one count with k far below it; recorded at mean 3, alpha 0.3."""
    recorded = {0: -2.125303666418063, 1: -1.043074210198597, 3: 0.0, 8: 1.574787209399233, 12: 2.454998876501463}
    for count, score in recorded.items():
        found = cusum([3, 3, 3, 3, count], range_=[4], k=-1000.0, h=2000.0, m=3.0, trans="anscombeNegBin", alpha=0.3)
        assert found.upperbound[0] == pytest.approx(1000.0 - score, abs=1e-9)
    told = {"range_": [4], "k": 0.0, "h": 2.0, "m": 3.0, "trans": "anscombeNegBin", "alpha": 0.3}
    assert not cusum([3, 3, 3, 3, 5000], **told).alarm[0]  # R's table ends
    assert cusum([3, 3, 3, 3, 5000], exact=True, **told).alarm[0]


def test_the_table_of_anscombe_residuals_is_read_as_r_reads_it():
    """Recorded with the mean 0.7 and an alpha of 0.001: the nearest hundredth, the lower of two."""
    recorded = {1: 0.3368430711398105, 5: 3.3992766217997996, 8: 5.103449512709631, 15: 8.413262208390734}
    for count, score in recorded.items():
        told = {"range_": [1], "k": -1000.0, "h": 2000.0, "m": 0.7, "trans": "anscombeNegBin", "alpha": 0.001}
        assert cusum([1, count], **told).upperbound[0] == pytest.approx(1000.0 - score, abs=1e-9)
        assert cusum([1, count], exact=True, **told).upperbound[0] != pytest.approx(1000.0 - score, abs=1e-5)


@pytest.mark.parametrize(
    ("counts", "mu0", "alpha", "recorded", "best"),
    [
        ([9, 1, 8], 3.0, 0.0, 4.40948256798e-07, 2.8466340240938),
        ([9, 4, 4, 4, 4, 4, 4, 60], 3.0, 0.0, 3.94547435e-05, None),
        ([9, 50, 1, 1, 1, 1, 1, 1, 4], 3.0, 0.0, 3.6688251e-09, 0.1507282898071),
        ([9, 5, 5, 5, 9], 4.0, 0.0, 2.2983719, None),
        ([9, 1, 5, 8], [3.0, 2.0, 1.0], 0.1, 8.20950671751, None),
        ([9, 5, 12], 3.0, 0.1, 4.71737653342, 5.061484223709548),
    ],
)
def test_a_growing_epidemic_has_the_statistic_that_rs_search_ends_with(counts, mu0, alpha, recorded, best):
    """Recorded from R; the maximum that the paper defines is what `exact` gives."""
    told = {"range_": range(1, len(counts)), "mu0": mu0, "alpha": alpha, "c_ARL": 1e6, "change": "epi"}
    assert glr(counts, **told).upperbound[-1] == pytest.approx(recorded, rel=1e-6)
    exact = glr(counts, exact=True, **told).upperbound[-1]
    assert exact >= recorded * (1.0 - 1e-6)
    if best is not None:
        assert exact == pytest.approx(best, rel=1e-9)


def test_a_fall_far_below_the_mean_is_lost_by_rs_search_and_found_exactly():
    told = {"range_": [1], "mu0": [12.0], "alpha": 0.3, "c_ARL": 2.0, "dir_": "dec"}
    assert glr([1, 1], **told).upperbound[0] == 0.0
    assert glr([1, 2], **told).upperbound[0] == pytest.approx(glr([1, 2], exact=True, **told).upperbound[0], rel=1e-9)
    found = glr([1, 1], exact=True, **told)
    assert found.upperbound[0] == pytest.approx(2.9910921859981, rel=1e-9)
    assert found.alarm[0]


def test_a_bound_is_missing_where_the_counts_of_late_are():
    counts = np.random.default_rng(4).poisson(5.0, 400).astype(float)
    counts[390] = np.nan
    found = farrington(counts, range_=range(388, 398))
    assert np.isnan(found.upperbound).tolist() == [False, False, True, True, True, True, *[False] * 4]


def test_glr_needs_its_shortest_shift_and_names_the_count_for_a_fall():
    counts = np.r_[np.full(10, 8.0), 30.0, 2.0, 1.0, 2.0]
    told = {"range_": [10], "mu0": 8.0}
    assert glr(counts, Mtilde=1, **told).alarm[0]
    assert glr(counts, Mtilde=2, **told).upperbound[0] == 0.0
    falls = glr(counts, range_=[11, 12, 13], mu0=8.0, dir_="dec", ret="cases", c_ARL=5.0)
    values = glr(counts, range_=[11, 12, 13], mu0=8.0, dir_="dec", c_ARL=5.0)
    for at in range(3):
        assert (counts[11 + at] < falls.upperbound[at]) == (values.upperbound[at] >= 5.0)
    known = glr(counts, range_=[10], mu0=8.0, theta=0.5, ret="cases")
    needed = counts.copy()
    needed[10] = known.upperbound[0]
    assert glr(needed, range_=[10], mu0=8.0, theta=0.5).upperbound[0] == pytest.approx(5.0)
